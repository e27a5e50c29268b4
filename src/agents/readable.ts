import { stripVTControlCharacters } from 'node:util';

/** Text from outside without anything a terminal would obey: escape sequences, C0 and C1 controls but tab and newline. */
export const readable = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
