import type { AcpReader } from '../agents/acp/reader.ts';
import { objectOf, textOf, type Json } from '../agents/json.ts';
import type { AgentEvent, Reply } from '../model/run/job.ts';
import { leaveFor, type Permission, type PermissionPolicy } from '../model/crew/permission.ts';
import { isInside } from '../process/inside.ts';

export interface PermissionOptions {
  policy: PermissionPolicy;
  /** The worktree. */
  cwd: string;
  reader: AcpReader;
  note: (events: readonly AgentEvent[]) => void;
  /** Whether something waits for a person, who may take any time. */
  onWaiting: (waits: boolean) => void;
}

interface Asked {
  permission: Permission;
  toolCall: string;
  /** Nothing for a question that is taken back. */
  answer: (option?: string) => void;
}

/** What an agent asks leave for: the policy allows it this once, or it waits for a person as long as that takes. */
export class Permissions {
  readonly #options: PermissionOptions;
  readonly #asked = new Map<string, Asked>();
  #count = 0;

  constructor(options: PermissionOptions) {
    this.#options = options;
  }

  get areAsked(): boolean {
    return this.#asked.size > 0;
  }

  /** Resolves to the protocol's answer. */
  async request(params: Json): Promise<object> {
    const { policy, cwd, reader, note } = this.#options;
    const id = String((this.#count += 1));
    const { permission, events } = reader.tools.permission(id, params);
    note(events);
    const leave = leaveFor(policy, permission, (path) => isInside(cwd, path));
    const option = leave ?? (await this.#ask(permission, textOf(objectOf(params['toolCall'])?.['toolCallId']) ?? ''));
    return { outcome: option === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: option } };
  }

  answer(id: string, option: string): Reply {
    const asked = this.#asked.get(id);
    const chosen = asked?.permission.options.find((one) => one.id === option);
    if (!asked || !chosen) return { kind: 'refused', reason: 'it no longer asks for that' };
    if (chosen.kind.startsWith('reject')) {
      this.#options.reader.rejected(asked.permission.title);
      this.#options.reader.tools.end(asked.toolCall);
    }
    this.#settle(id, asked, option);
    return { kind: 'applied' };
  }

  takeBack(): void {
    for (const [id, asked] of this.#asked) this.#settle(id, asked);
  }

  #ask(permission: Permission, toolCall: string): Promise<string | undefined> {
    this.#options.note([{ type: 'permissionAsked', permission }]);
    this.#options.onWaiting(true);
    return new Promise((answer) => this.#asked.set(permission.id, { permission, toolCall, answer }));
  }

  #settle(id: string, { answer }: Asked, option?: string): void {
    answer(option);
    this.#asked.delete(id);
    this.#options.note([{ type: 'permissionSettled', permission: id, ...(option === undefined ? {} : { option }) }]);
    if (this.#asked.size === 0) this.#options.onWaiting(false);
  }
}
