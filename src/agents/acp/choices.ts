import type { Conversation } from '../../model/run/job.ts';
import { objectOf, objectsOf, textOf, type Json } from '../json.ts';

type Call = readonly [method: string, params: Json];

/**
 * What to ask of a session so that it has the wanted mode and model, by whatever way it offers. Throws in words where
 * it does not offer them: another model, or fewer questions, than was asked for is no small thing.
 */
export function choiceCalls(session: Json, { mode, model }: Pick<Conversation, 'mode' | 'model'>): Call[] {
  return [...choose(session, 'mode', mode), ...choose(session, 'model', model)];
}

function choose(session: Json, what: 'mode' | 'model', wanted: string | undefined): Call[] {
  if (wanted === undefined) return [];
  const offers = [configured(session, what), listed(session, what)].filter((offer) => offer !== undefined);
  const offer = offers.find(({ values }) => values.includes(wanted)) ?? offers[0];
  if (offer?.values.includes(wanted)) return offer.current === wanted ? [] : [offer.call(wanted)];
  const known = offers.flatMap(({ values }) => values);
  const instead = known.length === 0 ? 'it offers no choice' : `it offers ${known.join(', ')}`;
  throw Object.assign(new Error(`There is no ${what} "${wanted}": ${instead}.`), { code: NO_SUCH_CHOICE });
}

/** As a service's 404: nothing that another attempt would mend. */
const NO_SUCH_CHOICE = 404;

interface Offer {
  current: string | undefined;
  values: readonly string[];
  call: (value: string) => Call;
}

function configured(session: Json, what: 'mode' | 'model'): Offer | undefined {
  const options = objectsOf(session['configOptions']);
  const option = options.find((one) => one['category'] === what) ?? options.find((one) => one['id'] === what);
  if (!option) return undefined;
  const groups = objectsOf(option['options']);
  const values = groups.flatMap((one) => [one, ...objectsOf(one['options'])]);
  return {
    current: textOf(option['currentValue']),
    values: values.flatMap((one) => textOf(one['value']) ?? []),
    call: (value) => ['session/set_config_option', { configId: option['id'], value }],
  };
}

function listed(session: Json, what: 'mode' | 'model'): Offer | undefined {
  const offer = objectOf(session[`${what}s`]);
  if (!offer) return undefined;
  const [available, id] = what === 'mode' ? ['availableModes', 'id'] : ['availableModels', 'modelId'];
  return {
    current: textOf(offer[what === 'mode' ? 'currentModeId' : 'currentModelId']),
    values: objectsOf(offer[available]).flatMap((one) => textOf(one[id]) ?? []),
    call: (value) => [`session/set_${what}`, { [`${what}Id`]: value }],
  };
}
