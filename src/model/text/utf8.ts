/** Bytes as a text. A byte that is no UTF-8 stands in it as U+FFFD, and the first of them is told. */
export interface Decoded {
  text: string;
  fault?: { line: number; column: number; message: string };
}

/** Decodes UTF-8; a byte order mark stays in the text, so that writing it back changes no byte. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return { text, fault: isUtf16(bytes) ? UTF16 : firstFault(text, bytes) };
  }
}

const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

const UTF16 = { line: 1, column: 1, message: 'This is UTF-16. Save the file as UTF-8.' };

/** A replacement character may have stood there before: then its three bytes are the text's own. */
function firstFault(text: string, bytes: Uint8Array): NonNullable<Decoded['fault']> {
  const encoder = new TextEncoder();
  let offset = 0;
  let from = 0;
  for (const { index } of text.matchAll(/\uFFFD/g)) {
    offset += encoder.encode(text.slice(from, index)).length;
    from = index + 1;
    const isOwn = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (isOwn) offset += 3;
    else return faultAt(text.slice(0, index), bytes[offset] ?? 0);
  }
  return faultAt('', 0);
}

function faultAt(before: string, byte: number): NonNullable<Decoded['fault']> {
  const shown = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return {
    line: before.split('\n').length,
    column: before.length - before.lastIndexOf('\n'),
    message: `The byte ${shown} is no UTF-8. Save the file as UTF-8.`,
  };
}
