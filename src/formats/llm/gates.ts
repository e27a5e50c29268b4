import { defined } from '../../model/defined.ts';
import { at, type Problem } from '../../model/text/problem.ts';
import type { YamlText } from '../../model/text/yaml-document.ts';
import { problem } from '../../model/text/yaml-text.ts';
import type { SourceFile } from '../imported.ts';
import type { ImportedGate } from '../imported-config.ts';
import { withPrompts } from './gate-prompts.ts';
import { readTolerantJson } from '../text/tolerant-json.ts';
import { isMapping, textOf, textsOf } from '../../model/text/values.ts';

/**
 * The `qualityGates` of an LLM-native plan: `{wave1: {gates, failureAction, successAction}, final: …}`. The names
 * become gates of ours on the end of a wave or of the run, with what follows, and with the prompts there are for them.
 */
export function llmGates(files: readonly SourceFile[]): {
  gates: ImportedGate[];
  repairs: Problem[];
  problems: Problem[];
} {
  const result = { gates: [] as ImportedGate[], repairs: [] as Problem[], problems: [] as Problem[] };
  for (const file of files) {
    if (!/"?failureAction"?|"?successAction"?/.test(file.text)) continue;
    const { json, repairs, problems } = readTolerantJson(file.text, file.path, 'failureAction');
    const top = isMapping(json?.value) ? json.value['qualityGates'] : undefined;
    const groups = Object.entries(isMapping(top) ? top : {});
    const strange = groups.filter(([key]) => waveNumber(key) === undefined && key !== 'final');
    result.gates.push(...groups.flatMap(([key, group]) => gatesOfGroup(group, waveNumber(key))));
    result.repairs.push(...repairs);
    result.problems.push(...problems, ...strange.map(([key]) => strangeGroup(key, file.path, json)));
  }
  return { ...result, gates: withPrompts(result.gates, files) };
}

function strangeGroup(key: string, file: string, json: YamlText | undefined): Problem {
  const message = `"${key}" names no wave and is taken for final. Use wave1, wave2, … or final.`;
  return problem(file, json?.keyRangeAt(['qualityGates', key]) ?? at(1), message, 'warning');
}

function gatesOfGroup(group: unknown, wave: number | undefined): ImportedGate[] {
  const actions = isMapping(group) ? group : {};
  const onFailure = textOf(actions['failureAction']);
  const onSuccess = textOf(actions['successAction']);
  return textsOf(isMapping(group) ? group['gates'] : group).map((name) => ({
    name,
    on: [wave === undefined ? ('final' as const) : ('wave' as const)],
    ...defined({ wave, onFailure, onSuccess }),
  }));
}

/** `wave-2`, `wave2`, `WAVE_2` and `2` are one. */
export const waveNumber = (id: string): number | undefined => {
  const digits = /^(?:wave)?[\s_-]*0*([1-9]\d{0,3})$/i.exec(id.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
};
