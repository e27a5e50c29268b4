/** Who does a task, and how: concluded once, when a run is made, and kept in its journal. */
export interface Assignment {
  /** The adapter. */
  name: string;
  /** A person does it. */
  manual: boolean;
  /** Where it is found, when not every driver has it; for people. */
  home?: string;
  /** Absent = the agent's own. */
  model?: string;
  effort?: string;
}
