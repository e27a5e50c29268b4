import type { AgentSettings, RoleSettings } from '../config/config.ts';
import { defined } from '../defined.ts';
import type { Grade } from './grade.ts';
import type { Identity } from './identity.ts';
import type { Task } from '../plan/plan.ts';
import type { RoleFile } from './role.ts';

/** Who does a task, and how: concluded once, when a run is made, and kept in its journal. */
export interface Assignment {
  /** The adapter. */
  name: string;
  /** A person does it. */
  manual: boolean;
  /** Where it is found, when not every driver has it; for people. */
  home?: string;
  /** It can go on with a session of its own. */
  resumes?: true;
  /** What it is told to be, e.g. `implementer`. */
  role?: string;
  /** The tracked file with the text of its role, instead of ours. */
  roleFile?: string;
  /** Of whom the work is, as far as its words say. */
  identity?: Identity;
  grade?: Grade;
  /** Names the task in its prompt, its answer and what is told of it. */
  correlation?: string;
  /** Absent = the agent's own. */
  model?: string;
  effort?: string;
  /** The skills it is given, and the tracked files with their texts. */
  skills?: readonly { name: string; file: string }[];
  /** Which of its numbers count the whole session. */
  sessionTotals?: readonly ('tokens' | 'cost')[];
  /** Its role is to look and to report: a change of it is never merged. */
  readOnly?: true;
  /** All that its role may change, whatever the task. */
  mayChange?: { role: string; files: readonly string[] };
  /** It ends with a report for a program (report.ts), which is read. */
  reports?: true;
}

/** Where a model and an effort may be named, the stronger first. */
export interface Levels {
  task: Pick<Task, 'model' | 'effort'>;
  /** `agents: roles:` of orchestrate.yaml. */
  role?: RoleSettings | undefined;
  /** The tracked role file. */
  file?: RoleFile | undefined;
  grade: Grade;
  settings: AgentSettings;
}

/**
 * Which model does a task and with what effort: what the task says, else its role, else what its grade is worth, else
 * the agent's settings; absent = the agent's own choice.
 */
export function modelFor({ task, role, file, grade, settings }: Levels): Pick<Assignment, 'model' | 'effort'> {
  const pick = (key: 'model' | 'effort', byGrade: string | undefined): string | undefined =>
    task[key] ?? role?.[key] ?? file?.[key] ?? byGrade ?? settings[key];
  return defined({
    model: pick('model', settings.models?.[grade]),
    effort: pick('effort', settings.efforts?.[grade]),
  });
}
