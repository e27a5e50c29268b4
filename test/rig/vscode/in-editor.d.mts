export interface InEditor {
  /** The packaged extension that is installed. */
  readonly vsix: string;
  /** The folders of extensions under development: without one no program runs. */
  readonly beside: readonly string[];
  /** A CommonJS file that exports `run`: the extension host loads it and waits for it. */
  readonly program: string;
  /** The folder to open. */
  readonly workspace: string;
  /** Reaches the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Opens the editor, lets the program run to its end, and closes. Rejects with its words when it fails. */
export function runInEditor(options: InEditor): Promise<void>;
