import { agentNamed } from '../../agents/all.ts';
import type { JobPurpose } from '../../model/run/event.ts';
import { attemptOf } from '../../model/run/state.ts';
import { briefedRequest } from './briefing.ts';
import type { HostedJob } from './hosted-job.ts';
import { watched } from './job-spec.ts';
import type { Workshop } from './workshop.ts';

/** Whether the job is done inside the driving process, and so ends with it. */
export const isHosted = ({ state }: Pick<Workshop, 'state'>, purpose: JobPurpose): boolean =>
  purpose.kind === 'agent' && agentNamed(state.agents[purpose.task]?.name ?? '')?.kind === 'hosted';

/** What a hosted agent is to do; undefined where this process has no such agent. */
export async function hostedJobFor(shop: Workshop, purpose: JobPurpose, job: string): Promise<HostedJob | undefined> {
  const { ref, state, epoch, leaving } = shop;
  if (purpose.kind !== 'agent') return undefined;
  const work = shop.hosted.get(state.agents[purpose.task]?.name ?? '');
  if (!work) return undefined;
  const request = await briefedRequest(ref, state, attemptOf(state, purpose.task, purpose.attempt));
  return { job, epoch, request, work, leaving: leaving.signal, ...watched(state, purpose.task) };
}
