// The live page: asks for the state once a second while it is seen, and shows what comes.

import { Charts, History } from './charts.js';
import { Decisions } from './decisions.js';
import { Endpoints } from './endpoints.js';
import { attribute, duration, write } from './format.js';

const interval = 1000;
const patience = 5000;
const find = id => document.getElementById(id);
const history = new History();
const charts = new Charts(find('charts'), history);
const endpoints = new Endpoints(find);
const decisions = new Decisions(find, destination => endpoints.nameOf(destination));

let answeredAt = performance.now();
let polling = null;
let next = 0;

// One request at a time: the next is asked for only when the last has ended, whatever its end was.
async function poll() {
  if (document.hidden || polling) return;
  clearTimeout(next);
  const began = performance.now();
  const current = polling = new AbortController();
  const limit = setTimeout(() => current.abort(), patience);
  const state = await ask(current.signal);
  if (state) {
    answeredAt = performance.now();
    show(state);
    await decisions.update(state, current.signal).catch(() => write(find('decisions-note'), 'could not be read'));
  }

  clearTimeout(limit);
  polling = null;
  outage();
  if (!document.hidden) next = setTimeout(poll, Math.max(interval / 4, interval - (performance.now() - began)));
}

async function ask(signal) {
  try {
    const response = await fetch(`/board/state${location.search}`, { signal, cache: 'no-store' });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

// Links, so that a pool's board has an address that can be kept.
function showPools(state) {
  const pools = find('pools');
  const shown = state.pools.length > 1 ? state.pools : [];
  if (pools.dataset.names === JSON.stringify([shown, state.pool])) return;
  pools.dataset.names = JSON.stringify([shown, state.pool]);
  pools.replaceChildren(...shown.map(name => {
    const link = document.createElement('a');
    link.textContent = name;
    link.href = `?pool=${encodeURIComponent(name)}`;
    if (name === state.pool) link.setAttribute('aria-current', 'page');
    return link;
  }));
}

function show(state) {
  document.title = `${state.pool} · EndpointPicker`;
  write(find('pool'), state.pool);
  showPools(state);
  readiness(state.notReady === '' ? 'ready' : 'waiting', state.notReady === '' ? '✓ ready' : `! not ready: ${state.notReady}`);
  const never = state.endpoints.filter(one => one.ageSeconds === null).length;
  const stale = state.endpoints.filter(one => one.stale).length - never;
  const plural = state.endpointCount === 1 ? 'endpoint' : 'endpoints';
  write(find('census'), [`${state.endpointCount} ${plural}`, stale && `${stale} stale`, never && `${never} never scraped`].filter(Boolean).join(', '));
  write(find('build'), `version ${state.version}, up ${duration(state.uptimeSeconds)}`);
  write(find('profiles'), state.profiles.map(describe).join('  ·  '));
  history.add(state);
  charts.draw();
  endpoints.show(state);
}

function describe(profile) {
  const filters = profile.filters.length ? `${profile.filters.join(', ')} → ` : '';
  const scorers = profile.scorers.length ? profile.scorers.map(one => `${one.name} × ${one.weight}`).join(' + ') : 'no scorers';
  return `Profile ${profile.name}: ${filters}${scorers} → ${profile.picker}`;
}

function readiness(kind, text) {
  attribute(find('readiness'), 'class', `pill ${kind}`);
  write(find('readiness'), text);
}

function outage() {
  const silent = (performance.now() - answeredAt) / 1000;
  const out = !document.hidden && silent > 2.5 * interval / 1000;
  find('outage').hidden = !out;
  document.body.classList.toggle('out', out);
  if (out) {
    write(find('outage'), `No connection since ${Math.round(silent)} s. What is shown is that old; trying again every second.`);
    readiness('lost', '✕ no connection');
  }
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(next);
  if (document.hidden) {
    polling?.abort();
  } else {
    answeredAt = performance.now();
    poll();
  }
});
setInterval(outage, interval);
poll();
