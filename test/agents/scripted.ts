import type { AgentSettings } from '../../src/model/config/config.ts';
import type { Fault } from '../rig/model-server/script.ts';

/** What a service answers when a plan is used up, and what makes the program one of a person with a plan. */
export interface UsedUp {
  fault: Fault;
  env?: Readonly<Record<string, string>>;
}

/** In how long the plan can be used again, milliseconds. */
export const RESETS_IN = 2 * 3600 * 1000;

/** When that is; the programs tell it by the minute. Epoch milliseconds. */
export const RESETS_AT = Math.floor(Date.now() / 60_000) * 60_000 + RESETS_IN;

const refusal = (body: unknown, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'status',
  status: 429,
  forever: true,
  body,
  headers,
});

/** What makes each program use a scripted model, whose base URL is given, with a key that is none. */
export const claudeSettings = (url: string): AgentSettings => ({
  env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'sk-not-a-key', CLAUDE_CODE_MAX_RETRIES: '2' },
});

/** Told in headers, and only to who signed in with a plan. */
export const CLAUDE_USED_UP: UsedUp = {
  fault: refusal(
    { type: 'error', error: { type: 'rate_limit_error', message: "This would exceed your account's rate limit." } },
    {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String(RESETS_AT / 1000),
      'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    },
  ),
  env: { ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-not-a-token' },
};

/** A provider of its own, because the built-in one speaks to nobody but its maker. */
export function codexSettings(url: string): AgentSettings {
  const provider = {
    name: '"Scripted"',
    base_url: `"${url}/v1"`,
    wire_api: '"responses"',
    env_key: '"SCRIPTED_KEY"',
    request_max_retries: '1',
    stream_max_retries: '2',
  };
  const table = Object.entries(provider).map(([key, value]) => `${key}=${value}`);
  const args = ['-c', `model_providers.scripted={${table.join(',')}}`, '-c', 'model_provider="scripted"'];
  return { model: 'gpt-5.5', args, env: { SCRIPTED_KEY: 'sk-not-a-key' } };
}

/** The same, for who is spoken with. */
export function codexAcpSettings(url: string): AgentSettings {
  const provider = {
    name: 'Scripted',
    base_url: `${url}/v1`,
    wire_api: 'responses',
    env_key: 'SCRIPTED_KEY',
    request_max_retries: 1,
    stream_max_retries: 2,
  };
  const config = { model: 'gpt-5.5', model_provider: 'scripted', model_providers: { scripted: provider } };
  return { env: { SCRIPTED_KEY: 'sk-not-a-key', CODEX_CONFIG: JSON.stringify(config) } };
}

export const CODEX_USED_UP: UsedUp = {
  fault: refusal({
    error: { type: 'usage_limit_reached', message: 'used up', plan_type: 'plus', resets_at: RESETS_AT / 1000 },
  }),
};

/** A proxy in place of the service needs the way to sign in to be named; without one the key in the environment will do. */
export const GEMINI_HOME = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  general: { maxAttempts: 2 },
  model: { maxSessionTurns: 5 },
};

export const geminiSettings = (url: string): AgentSettings => ({
  model: 'gemini-2.5-pro',
  env: { GEMINI_API_KEY: 'not-a-key', GOOGLE_GEMINI_BASE_URL: url },
});

export const GEMINI_USED_UP: UsedUp = {
  fault: refusal({
    error: {
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      message: 'You exceeded your current quota, please check your plan.',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7200s' }],
    },
  }),
};

export function opencodeSettings(url: string): AgentSettings {
  const cost = { input: 1, output: 2 };
  const model = { name: 'Scripted', tool_call: true, limit: { context: 100_000, output: 4000 }, cost };
  const options = { baseURL: `${url}/v1`, apiKey: 'not-a-key' };
  const provider = { npm: '@ai-sdk/openai-compatible', name: 'Scripted', options, models: { model } };
  const config = JSON.stringify({ provider: { scripted: provider }, share: 'disabled' });
  return { model: 'scripted/model', env: { OPENCODE_CONFIG_CONTENT: config, OPENCODE_DISABLE_MODELS_FETCH: '1' } };
}

export const copilotSettings = (url: string): AgentSettings => ({
  model: 'gpt-4.1',
  env: {
    COPILOT_OFFLINE: 'true',
    COPILOT_MODEL: 'gpt-4.1',
    COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
    COPILOT_PROVIDER_API_KEY: 'not-a-key',
  },
});

const IN_WORDS = {
  error: { code: 'usage_limit_reached', message: 'You have hit your usage limit. Try again in 2 hours.' },
};

/** In words alone: there is no service of its own that it would ask. With such a time to wait it does not try again. */
export const CHAT_USED_UP: UsedUp = { fault: refusal(IN_WORDS, { 'retry-after': '7200' }) };

/** The same, to which it waits for whatever it is told. */
export const OPENCODE_USED_UP: UsedUp = { fault: refusal(IN_WORDS, { 'retry-after-ms': '200' }) };
