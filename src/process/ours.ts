/** A file that nobody but this user, or the system's, can have written. Windows gives each user folders of their own. */
export const isOurs = ({ uid, mode }: { uid: number; mode: number }): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
