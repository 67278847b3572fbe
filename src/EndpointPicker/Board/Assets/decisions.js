// What was decided lately, and on a click why: all candidates with their scores, and what removed the others.

import { absent, ago, attribute, count, duration, element, percent, score, signed, write } from './format.js';

const listed = 20;

// What is asked for at once: each candidate of each decision is half a kilobyte that the picker must write.
const mostCandidates = 2000;
const recordedCandidates = 256;
const pace = endpoints => endpoints <= 100 ? 2000 : 3000;

// What the scorers read of a candidate.
const signals = [
  ['Queue', one => count(one.signals.waiting)],
  ['Running', one => count(one.signals.running)],
  ['KV', one => percent(one.signals.kvCacheUsage)],
  ['Prefix tokens', one => count(one.prefixTokens)],
];

export class Decisions {
  #find;
  #nameOf;
  #rows = new Map();
  #seen = 0;
  #askedAt = -Infinity;
  #paused = false;
  #held = false;

  constructor(find, nameOf) {
    this.#find = find;
    this.#nameOf = nameOf;
    find('pause').addEventListener('click', () => {
      this.#paused = !this.#paused;
      attribute(find('pause'), 'aria-pressed', String(this.#paused));
      write(find('pause'), this.#paused ? 'Resume' : 'Pause');
    });
    find('decision-list').addEventListener('pointerenter', () => { this.#held = true; });
    find('decision-list').addEventListener('pointerleave', () => { this.#held = false; });
    find('explanation-close').addEventListener('click', () => find('explanation').close());
    find('explanation').addEventListener('click', event => {
      if (event.target === find('explanation')) find('explanation').close();
    });
  }

  // Asks only for what is new, and for nothing while the list is held still.
  async update(state, signal) {
    if (state.decisionsRecorded < this.#seen) this.#clear();
    const most = this.#rows.size === 0 ? listed : Math.max(5, Math.floor(mostCandidates / Math.max(1, Math.min(recordedCandidates, state.endpointCount))));
    const fresh = Math.min(listed, most, state.decisionsRecorded - this.#seen);
    if (fresh > 0 && !this.#paused && !this.#held && performance.now() - this.#askedAt >= pace(state.endpointCount) - 200) {
      this.#askedAt = performance.now();
      const pool = state.pools.length > 1 ? `&pool=${encodeURIComponent(state.pool)}` : '';
      const response = await fetch(`/explain?last=${fresh}${pool}`, { signal, cache: 'no-store' });
      if (!response.ok) throw new Error(`/explain answered ${response.status}`);
      const answer = await response.json();
      this.#seen = Math.max(state.decisionsRecorded, answer.recorded);
      this.#add(answer.decisions);
      this.#note(answer);
    }

    this.#age();
  }

  #add(decisions) {
    const list = this.#find('decision-list');
    for (const decision of decisions.toReversed()) {
      if (this.#rows.has(decision.sequence)) continue;
      const row = this.#row(decision);
      this.#rows.set(decision.sequence, row);
      list.prepend(row.node);
    }

    for (const [sequence, row] of this.#rows) {
      if (this.#rows.size <= listed) break;
      row.node.remove();
      this.#rows.delete(sequence);
    }
  }

  #note(answer) {
    write(this.#find('decisions-note'), `up to ${answer.recordedPerSecondAtMost}/s are recorded`);
  }

  #clear() {
    this.#rows.clear();
    this.#seen = 0;
    this.#find('decision-list').replaceChildren();
  }

  #age() {
    const empty = this.#find('decisions-empty');
    empty.hidden = this.#rows.size > 0;
    write(empty, 'No request has been decided yet.');
    for (const row of this.#rows.values()) write(row.age, ago(ageOf(row)));
    if (this.#held && !this.#paused) write(this.#find('decisions-note'), 'held still while the pointer is here');
  }

  #row(decision) {
    const verdict = judge(decision);
    const age = element('span', 'age muted');
    const picked = decision.picked ? this.#named(decision, decision.picked) : 'no endpoint';
    const node = element('button', `decision${decision.picked ? '' : ' refused'}`, age,
      element('b', 'picked', picked),
      element('span', 'model', decision.model || '(no model)'),
      element('span', 'margin', verdict.margin === null ? '' : signed(verdict.margin)),
      element('span', 'why muted', this.#brief(decision, verdict)));
    node.type = 'button';
    node.title = decision.why ?? '';
    const row = { decision, age, received: performance.now(), node: element('li', '', node) };
    node.addEventListener('click', () => this.#explain(row));
    return row;
  }

  // The scores' own words where they decided; what else happened needs the sentence.
  #brief(decision, verdict) {
    const said = verdict.sentence(one => this.#named(decision, one));
    return decision.reason === 'Scheduled' ? said : decision.why ?? `${spaced(decision.reason)}: ${said}`;
  }

  #named(decision, destination) {
    return decision.candidates.find(one => one.destination === destination)?.endpoint ?? this.#nameOf(destination) ?? destination;
  }

  #explain(row) {
    const { decision } = row;
    const verdict = judge(decision);
    const named = destination => destination ? `${this.#named(decision, destination)} (${destination})` : absent;
    write(this.#find('explanation-title'), `Decision ${decision.sequence}: ${decision.picked ? this.#named(decision, decision.picked) : 'no endpoint'}`);
    const facts = [
      ['Reason', spaced(decision.reason) + (decision.error ? `, ${spaced(decision.error)}` : '')],
      ['Picked', decision.picks.length > 1 ? decision.picks.map(named).join(', ') : named(decision.picked)],
      ['Runner-up', verdict.runnerUp ? named(verdict.runnerUp) + (verdict.margin === null ? '' : `, ${verdict.margin < 0 ? 'ahead' : 'behind'} by ${score(Math.abs(verdict.margin))}`) : absent],
      ['Model', decision.model || absent],
      ['Target model', (decision.targetModel || absent) + (decision.rewrite ? `, by rewrite ${decision.rewrite}` : '')],
      ['Objective', decision.objective ?? absent],
      ['Priority', decision.priority ?? absent],
      ['Prompt', `${decision.promptTokens} tokens, estimated`],
      ['Profile', decision.profile ? `${decision.profile}, ${decision.picker}` : absent],
      ['Pool', decision.pool?.name ?? absent],
      ['Request id', decision.requestId || absent],
      ['Decided', `${ago(ageOf(row))} ago`],
    ];
    this.#find('explanation-body').replaceChildren(
      element('p', 'sentence', decision.why ?? verdict.sentence(one => this.#named(decision, one))),
      element('dl', 'facts', ...facts.map(([term, text]) => element('div', '', element('dt', '', term), element('dd', '', String(text))))),
      table(decision));
    this.#find('explanation').showModal();
  }
}

// Who came second, by how much, and which scorers made the difference; as the picker says it, else from the scores.
function judge(decision) {
  const scored = decision.candidates.filter(one => typeof one.total === 'number' && !one.removedBy);
  const picked = scored.find(one => one.destination === decision.picked);
  const others = scored.filter(one => one !== picked).sort((a, b) => b.total - a.total);
  const told = typeof decision.runnerUp === 'string' ? decision.runnerUp : decision.runnerUp?.destination;
  const second = others.find(one => one.destination === told) ?? others[0];
  const runnerUp = told ?? (picked && second?.destination) ?? null;
  const margin = decision.margin ?? (picked && second ? picked.total - second.total : null);
  const parts = picked && second
    ? Object.keys(picked.scores)
      .map(name => [name, picked.scores[name].weighted - (second.scores[name]?.weighted ?? 0)])
      .filter(([, difference]) => Math.abs(difference) >= 0.005)
      .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    : [];
  const sentence = named => {
    if (!decision.picked) return `refused: ${spaced(decision.error ?? decision.reason)}`;
    if (!decision.candidates.some(one => one.destination === decision.picked)) return `its scores were not kept, only those of ${decision.candidates.length} candidates`;
    if (!picked || Object.keys(picked.scores).length === 0) return 'chosen without scores';
    if (!second) return 'the only candidate left';
    const deciding = parts.slice(0, 2).map(([name, difference]) => `${name.replace(/-scorer$/, '')} ${signed(difference)}`).join(', ');
    return parts.length === 0 ? `tied with ${named(second.destination)}` : `ahead of ${named(second.destination)}: ${deciding}`;
  };
  return { runnerUp, margin, sentence };
}

function table(decision) {
  const scorers = [...new Set(decision.candidates.flatMap(one => Object.keys(one.scores ?? {})))];
  const told = decision.candidates.some(one => one.signals);
  const order = decision.candidates.toSorted((a, b) => (b.total ?? -Infinity) - (a.total ?? -Infinity));
  const best = Math.max(0.001, ...order.map(one => one.total ?? 0));
  const head = element('tr', '', ...['', 'Endpoint', 'Total', ...scorers, ...(told ? signals.map(([name]) => name) : []), 'In flight', 'Signal age'].map(text => {
    const cell = element('th', '', text);
    cell.scope = 'col';
    return cell;
  }));
  const rows = order.map(one => {
    const rank = decision.picks.indexOf(one.destination);
    const name = element('td', '', element('b', '', one.endpoint), ' ', element('span', 'muted', one.destination));
    const mark = element('td', 'mark', rank < 0 ? '' : rank === 0 ? 'picked' : `${rank + 1}.`);
    const age = element('td', '', one.signalAgeSeconds === null ? 'never scraped' : `${duration(one.signalAgeSeconds)}${one.signalState === 'stale' ? ', stale' : ''}`);
    const used = told ? signals.map(([, read]) => element('td', '', read(one))) : [];
    if (one.removedBy) {
      const why = element('td', 'removed', `removed by ${one.removedBy}${one.removedBecause ? `: ${one.removedBecause}` : ''}`);
      why.colSpan = 1 + scorers.length;
      return element('tr', 'out', mark, name, why, ...used, element('td', '', String(one.inFlight)), age);
    }

    const scores = scorers.map(scorer => {
      const given = one.scores?.[scorer];
      return element('td', '', given ? score(given.weighted) : absent, ' ', element('span', 'muted raw', given ? `raw ${score(given.raw)}` : ''));
    });
    const bar = element('meter');
    [bar.min, bar.max, bar.value] = [0, best, Math.max(0, one.total ?? 0)];
    return element('tr', rank === 0 ? 'first' : '', mark, name, element('td', '', element('b', '', score(one.total)), bar), ...scores, ...used, element('td', '', String(one.inFlight)), age);
  });
  const empty = element('p', 'empty', 'No candidates were recorded.');
  const more = decision.pool?.notShown ? element('p', 'muted', `Of ${decision.pool.candidates} candidates, ${decision.pool.notShown} were not kept.`) : '';
  const wide = element('div', 'scroll', element('table', '', element('thead', '', head), element('tbody', '', ...rows)));
  return decision.candidates.length === 0 ? empty : element('div', '', wide, more);
}

function ageOf(row) {
  return row.decision.ageSeconds + (performance.now() - row.received) / 1000;
}

function spaced(name) {
  return String(name).replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
