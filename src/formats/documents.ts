/** What a planner reads first of research findings (FORMATS.md 1.6): a summary, how sure it is, what is open. */
export interface Findings {
  planId: string;
  focusArea: string;
  tldr: string;
  confidence: 'high' | 'medium' | 'low' | 'unknown';
  openQuestions: readonly string[];
  gaps: readonly string[];
  filesAnalyzed: readonly string[];
}

/** The log of a failed task (FORMATS.md 1.7). */
export interface FailureLog {
  planId: string;
  taskId: string;
  agent: string;
  /** ISO 8601 or as the agent wrote it; '' = not said. */
  timestamp: string;
  failureType: string;
  summary: string;
  /** Keys beyond the first six, as they are. */
  more: Readonly<Record<string, unknown>>;
}

/** A pattern of milestones to be made (FORMATS.md 3.8). */
export interface Blueprint {
  name: string;
  description: string;
  parameters: readonly { name: string; text: string }[];
  milestones: readonly {
    /** `M1`, or `M{N}` for the next free number. */
    id: string;
    title: string;
    complexity: string;
    phases: readonly { kind: string; text: string; skills: readonly string[] }[];
    acceptanceCriteria: readonly string[];
  }[];
}

/** What earlier milestones taught (FORMATS.md 3.7), oldest first. */
export interface Knowledge {
  entries: readonly {
    date: string;
    id: string;
    title: string;
    isArchived: boolean;
    decisions: readonly string[];
    lessons: readonly string[];
    patterns: readonly string[];
  }[];
}

/** What gadugi's monitor wrote about its tasks (FORMATS.md 2.3 and 2.5), and how much of it says something. */
export interface StateFile {
  kind: 'worktrees' | 'processes';
  entries: readonly {
    id: string;
    name: string;
    /** As written. */
    status: string;
    branch?: string;
    path?: string;
    promptFile?: string;
    /** Undefined = believed; else why not. */
    doubt?: string;
  }[];
}
