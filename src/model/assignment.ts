/** Who does a task, and how: concluded once, when a run is made, and kept in its journal. */
export interface Assignment {
  /** The adapter. */
  name: string;
  /** A person does it. */
  manual: boolean;
  /** Absent = the agent's own. */
  model?: string;
  effort?: string;
}
