import { type AgentEvent, isReport, type Report, type Usage } from '../model/run/job.ts';
import { hasGrown } from '../model/crew/spending.ts';

/**
 * Picks from a job's events what the engine must know before the end. Each costs it a line of the journal, so spending
 * is reported only where it has grown by a quarter, and not with the end of a turn, which tells it anyway.
 */
export class Reporting {
  #told: Usage | undefined;

  of(events: readonly AgentEvent[]): Report[] {
    const ends = events.some(({ type }) => type === 'ended');
    return events.filter(isReport).filter((report) => report.type !== 'usage' || (!ends && this.#isNews(report.usage)));
  }

  #isNews(usage: Usage): boolean {
    const news = hasGrown(this.#told, usage);
    if (news) this.#told = usage;
    return news;
  }
}
