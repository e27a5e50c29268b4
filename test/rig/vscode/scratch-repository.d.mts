/** Makes the folder a git repository on branch `main` with one commit of these files, and answers its path. */
export function makeRepository(folder: string, files?: Readonly<Record<string, string>>): string;
