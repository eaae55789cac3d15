// The lives of a key with Node's own fetch: created, used, revoked, refused; expired by the clock; apart by world.
import { readFileSync } from 'node:fs';

const LIVES = JSON.parse(readFileSync(new URL('lives.json', import.meta.url)));
const TWO_DAYS = 2 * 24 * 60 * 60 * 1000;
const { control } = JSON.parse(readFileSync(process.env.KEYWAY_ACCESS));

// Sends, insists on a status, and returns the JSON of the answer. Nothing of an answer is printed: it may be a key.
async function told(method, url, expected, body, headers = {}) {
  const sent = body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } };
  const answer = await fetch(url, { method, headers, ...sent, signal: AbortSignal.timeout(10_000) });
  if (answer.status !== expected) throw new Error(`expected ${expected}, got ${answer.status} from ${method} ${url}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}

function filled(template, known) {
  if (typeof template === 'string') return template.replace(/\{(\w+)\}/g, (_, name) => known[name]);
  if (template === null || typeof template !== 'object' || Array.isArray(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filled(value, known)]));
}

const at = (answer, path) => path.reduce((value, name) => value[name], answer);

async function live(vendor, life) {
  const mine = await told('POST', `${control}/worlds`, 201);
  const yours = await told('POST', `${control}/worlds`, 201);
  const { tenant, credentials } = mine.vendors[vendor];
  const admin = credentials.admin.slice(credentials.admin.indexOf(':') + 1);
  const known = { admin, tenant, tomorrow: new Date(Date.now() + TWO_DAYS / 2).toISOString() };
  const perform = (world, step, words, status = step.status) => told(
    step.method, world.vendors[vendor].base_url + filled(step.path, words), status, filled(step.body, words), filled(step.headers, words),
  );

  // Created, used, not known in another world, revoked, refused.
  const created = await perform(mine, life.create, known);
  const first = { ...known, key: at(created, life.secret), id: at(created, life.id) };
  await perform(mine, life.use, first);
  await perform(yours, life.use, first, 401);
  await perform(mine, life.revoke, first);
  await perform(mine, life.use, first, 401);

  // Created, used, expired because the clock of its world was turned.
  const second = { ...known, key: at(await perform(mine, life.create, known), life.secret) };
  await perform(mine, life.use, second);
  await told('POST', `${mine.control}/clock/advance`, 200, { ms: TWO_DAYS });
  await perform(mine, life.use, second, 401);

  for (const world of [mine, yours]) await told('DELETE', `${control}/worlds/${world.world}`, 204);
}

for (const [vendor, life] of Object.entries(LIVES)) await live(vendor, life);
