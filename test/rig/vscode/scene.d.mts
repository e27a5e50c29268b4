import type { FrameLocator, Locator, Page } from 'playwright-core';

export interface SceneOptions {
  /** Names the folder of the pictures: `.pictures/<name>/`, which is emptied first. */
  readonly name: string;
  /** Packaged extensions to install, as paths. Without one the bare workbench opens. */
  readonly vsix?: string | readonly string[];
  /**
   * The folder or `.code-workspace` file to open, as an absolute path; `makeRepository` makes one. Without it the
   * window is empty.
   */
  readonly workspace?: string;
  /** User settings over the rig's quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Reaches the extension host, terminals and all they start; PATH is how stand-in agents get in. */
  readonly env?: Readonly<Record<string, string>>;
  /** `false` leaves workspace trust enabled: the folder opens restricted, without asking. Default `true`. */
  readonly trust?: boolean;
  /** In CSS pixels, 1400 × 900 unless told. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Settings with which the editor has language models. */
export const withModels: Readonly<Record<string, unknown>>;

export interface Scene {
  readonly page: Page;
  /** The run's own folder, gone after `close`. Room for what the scene makes itself. */
  readonly base: string;
  /** Takes `NN-<name>.png` and answers its path. Running animations are shown at their end. */
  shot(name: string): Promise<string>;
  /**
   * Attempts what is lost where the workbench is busy, a key or a click, until it has had its effect: again whenever a
   * step ends in a timeout. Each step brings a short one of its own.
   */
  soon<T>(attempt: () => Promise<T>): Promise<T>;
  /** Runs the first command whose entry in the palette has this text. */
  command(text: string): Promise<void>;
  /** Opens a file of the folder by its path, or the end of it. */
  openFile(name: string): Promise<void>;
  /** Puts the cursor of the active editor there, both counted from 1. */
  goTo(line: number, column: number): Promise<void>;
  /** An entry of the open quick pick. */
  pick(text: string | RegExp): Locator;
  /** Clicks an entry of the open quick pick, which then is gone. */
  choose(text: string | RegExp): Promise<void>;
  /** Clicks what may be drawn anew under the pointer, again until the effect is there. */
  click(what: Locator, until: Locator): Promise<void>;
  /** Opens a view container of the activity bar by its title. */
  openView(container: string): Promise<void>;
  /** A row of any tree in the side bar or the panel. */
  row(text: string): Locator;
  /** Presses the inline button of a row; the button by its tooltip. */
  rowAction(row: string, action: string): Promise<void>;
  /** Holds the mouse over something until its hover says this. */
  hoverOver(what: Locator, text: string | RegExp): Promise<void>;
  /** The document inside a webview: the one with this title, or the only one. */
  webview(title?: string): FrameLocator;
  /** The text of the active terminal or, with a name, the terminal's tab. */
  terminal(name?: string): Locator;
  /** Types into the active terminal once its shell has said something. `\n` is the Enter key. */
  type(text: string): Promise<void>;
  /** A row of the Problems panel, which must be open: `command('Problems: Focus on Problems View')`. */
  problem(text: string): Locator;
  /** A toast. */
  notification(text: string): Locator;
  /** The modal dialog. */
  dialog(): Locator;
  statusBarItem(text: string): Locator;
  /** The tab of an editor. */
  tab(text: string): Locator;
  /** Waits until the workbench is drawn. */
  ready(): Promise<void>;
  /** Loads the window again, as `Developer: Reload Window` does. */
  reload(): Promise<void>;
  /** Kills the extension host from outside, as a crash would. The workbench then starts another. */
  killExtensionHost(): Promise<void>;
  /** What runs now of all that the scene started, detached processes included. */
  processes(): { readonly id: number; readonly command: string }[];
  /** Ends everything and removes the folder. Answers the command lines of what outlived the editor and was ended. */
  close(): Promise<string[]>;
}

/** Opens the workbench with the extension installed. Whoever opens a scene closes it, in a `finally`. */
export function openScene(options: SceneOptions): Promise<Scene>;
