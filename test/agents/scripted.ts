import type { AgentSettings } from '../../src/model/config.ts';

/** What makes each program use a scripted model, whose base URL is given, with a key that is none. */
export const claudeSettings = (url: string): AgentSettings => ({
  env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'sk-not-a-key', CLAUDE_CODE_MAX_RETRIES: '2' },
});

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
