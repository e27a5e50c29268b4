/** What a machine has left. What a system does not tell is absent. */
export interface Machine {
  /** Bytes; `free`: what can be had without taking it from anybody. */
  memory?: { total: number; free: number };
  /** Share of their time that the processors were busy, 0 to 1, since it was looked at before. */
  cpu?: number;
  /** Bytes free where worktrees are made. */
  disk?: number;
}

/** What was seen of the machine; epoch milliseconds. */
export interface Seen extends Machine {
  readonly at: number;
}
