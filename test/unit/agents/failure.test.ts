import { equal } from 'node:assert/strict';
import { failureWithoutEnd, resetTime, saysUsageLimit, typeOfStatus } from '../../../src/agents/failure.ts';

const NOON = new Date(2026, 10, 20, 12, 0, 0).getTime();
const MINUTE = 60_000;

/** What a clock in another zone shows an hour after noon, as claude says it. */
const clockIn = (timeZone: string): string =>
  new Date(NOON + 60 * MINUTE).toLocaleString('en-US', { timeZone, hour: 'numeric', minute: '2-digit' });

describe('What agents have in common when they fail', () => {
  const statuses: [status: number, type: string][] = [
    [400, 'escalate'],
    [401, 'escalate'],
    [402, 'escalate'],
    [403, 'escalate'],
    [404, 'escalate'],
    [408, 'transient'],
    [409, 'transient'],
    [413, 'fixable'],
    [429, 'transient'],
    [500, 'transient'],
    [503, 'transient'],
    [529, 'transient'],
  ];
  for (const [status, type] of statuses) it(`${status} is ${type}`, () => equal(typeOfStatus(status), type));

  const times: [text: string, minutes: number | undefined][] = [
    ['try again in 2 hours 5 minutes.', 125],
    ['Try again in 3 days 4 hours', 76 * 60],
    ['Your quota will reset after 3h4m0s.', 184],
    ['Suggested retry after 120s.', 2],
    ['try again at 3:04 PM.', 184],
    ['try again at 9:00 AM.', 21 * 60],
    ['or try again at Nov 22nd, 2026 3:04 PM.', 184 + 48 * 60],
    ["You've hit your 5-hour limit · resets 3pm", 180],
    ["You've hit your 5-hour limit · resets 9am", 21 * 60],
    ["You've hit your weekly limit · resets Nov 22, 3:30pm", 210 + 48 * 60],
    [`resets ${clockIn('Asia/Tokyo')} (Asia/Tokyo)`, 60],
    [`resets ${clockIn('America/New_York')} (America/New_York)`, 60],
    ['resets 3pm (Nowhere/Here)', 180],
    ['limit reached, come back later', undefined],
    ['the file is in 3 parts', undefined],
  ];
  for (const [text, minutes] of times)
    it(`"${text}" says ${minutes === undefined ? 'no time' : `${minutes} minutes from noon`}`, () =>
      equal(resetTime(text, NOON), minutes === undefined ? undefined : NOON + minutes * MINUTE));

  const limits: [text: string, is: boolean][] = [
    ["You've hit your usage limit.", true],
    ['usage_limit_reached', true],
    ['You exceeded your current quota', true],
    ['You have exhausted your daily quota on this model.', true],
    ['You have exhausted your capacity on this model.', true],
    ['exceeded retry limit, last status: 429 Too Many Requests', false],
    ['scripted 429', false],
  ];
  for (const [text, is] of limits)
    it(`"${text}" is ${is ? 'a' : 'no'} usage limit`, () => equal(saysUsageLimit(text), is));

  const exits: [code: number | null, signal: string | null, stray: string, type: string][] = [
    [0, null, '', 'transient'],
    [1, null, 'something broke', 'fixable'],
    [1, null, 'error: unexpected argument --foo', 'escalate'],
    [127, null, '', 'escalate'],
    [143, null, '', 'transient'],
    [null, 'SIGKILL', '', 'transient'],
  ];
  for (const [code, signal, stray, type] of exits)
    it(`an end without a word, ${signal ?? code} ${stray}, is ${type}`, () =>
      equal(failureWithoutEnd({ code, signal }, stray).type, type));
});
