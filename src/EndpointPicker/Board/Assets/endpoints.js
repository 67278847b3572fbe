// The heat map: a cell an endpoint, coloured by one signal, and the details of the one under the pointer.

import { absent, attribute, count, duration, element, percent, write } from './format.js';
import { summary } from './charts.js';

const shareWindow = 60;
const shareStep = 5;
const steps = 64;

const bounded = matchMedia('(min-width: 1100px) and (min-height: 640px)');
const adapters = one => one.adapters === null ? null : one.adapters.loaded;
const short = seconds => seconds < 0.9995 ? `${Math.round(seconds * 1000)}ms` : seconds < 99.5 ? `${seconds.toFixed(seconds < 9.95 ? 1 : 0)}s` : `${Math.floor(seconds / 60)}m`;
const hundredths = value => (value * 100).toFixed(value > 0 && value < 0.0995 ? 1 : 0);

// top: what the hottest colour stands for, given the values of this moment. scraped: whether it comes from the model server.
const signals = [
  { key: 'queue', name: 'Queue', unit: 'requests waiting', read: one => one.queue, cell: count, format: count, top: max => Math.max(10, max), scraped: true },
  { key: 'kv', name: 'KV cache', unit: '% in use', read: one => one.kv, cell: hundredths, format: percent, top: () => 1, scraped: true },
  { key: 'running', name: 'Running', unit: 'requests running', read: one => one.running, cell: count, format: count, top: max => Math.max(10, max), scraped: true },
  { key: 'inFlight', name: 'In flight', unit: 'requests of this picker', read: one => one.inFlight, cell: count, format: count, top: max => Math.max(10, max) },
  { key: 'lora', name: 'LoRA loaded', unit: 'adapters', read: adapters, cell: count, format: count, top: max => Math.max(4, max), scraped: true },
  { key: 'share', name: 'Share of picks', unit: '% of picks in the last minute', read: one => one.share, cell: hundredths, format: percent, top: max => Math.max(0.01, max) },
  { key: 'age', name: 'Age of signals', unit: '', read: one => one.ageSeconds, cell: short, format: duration, top: (max, state) => state.staleAfterSeconds, scraped: true },
];

// Luminance rises or falls all the way, so the order shows without any colour.
const ramps = {
  light: ['#eeeef5', '#fbdcb8', '#f4a460', '#d95f3f', '#a02a50', '#4a0f45'],
  dark: ['#232f45', '#573a76', '#a3426f', '#e56a58', '#f9b55b', '#fdf1ab'],
};

export class Endpoints {
  #find;
  #cells = new Map();
  #state = null;
  #picks = [];
  #ramp = [];
  #shown = [];
  #pointed = null;
  #selected = null;
  #held = false;
  #ascending = true;
  #terms = new Map();

  constructor(find) {
    this.#find = find;
    for (const signal of signals) find('colour-by').append(new Option(signal.name, signal.key));
    find('sort-by').append(new Option('Name', 'name'), ...signals.map(signal => new Option(signal.name, signal.key)));
    find('colour-by').addEventListener('change', () => this.#render());
    find('filter').addEventListener('input', () => this.#render());
    find('sort-by').addEventListener('change', () => this.#sort(find('sort-by').value === 'name'));
    find('sort-direction').addEventListener('click', () => this.#sort(!this.#ascending));
    const map = find('map');
    map.addEventListener('pointerover', event => this.#point(event.target.closest('.cell')));
    map.addEventListener('pointerleave', () => {
      this.#held = false;
      this.#point(null);
    });
    map.addEventListener('pointerenter', () => { this.#held = true; });
    map.addEventListener('focusin', event => this.#point(event.target.closest('.cell')));
    map.addEventListener('focusout', () => this.#point(null));
    map.addEventListener('click', event => this.#select(event.target.closest('.cell')));
    map.addEventListener('keydown', event => this.#walk(event));
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const paint = () => {
      this.#ramp = colours(dark.matches ? ramps.dark : ramps.light);
      this.#render();
    };
    dark.addEventListener('change', paint);
    paint();
  }

  show(state) {
    this.#countPicks(state);
    this.#state = state;
    const present = new Set();
    for (const one of state.endpoints) {
      const key = `${one.namespace}/${one.name}`;
      present.add(key);
      const cell = this.#cells.get(key) ?? this.#create(key);
      cell.endpoint = one;
    }

    for (const [key, cell] of this.#cells) {
      if (!present.has(key)) {
        cell.node.remove();
        this.#cells.delete(key);
      }
    }

    this.#render();
  }

  // The name that goes with an address, where the pool still has it.
  nameOf(destination) {
    return this.#state?.endpoints.find(one => one.destination === destination)?.name ?? null;
  }

  #create(key) {
    const [name, value, rest] = [element('span', 'name'), element('span', 'value'), element('span', 'rest')];
    const node = element('button', 'cell', name, value, rest);
    node.type = 'button';
    node.tabIndex = -1;
    node.setAttribute('role', 'option');
    const cell = { key, node, name, value, rest, endpoint: null };
    node.cell = cell;
    this.#cells.set(key, cell);
    return cell;
  }

  // Shares are of what was picked since the oldest reading of the last minute.
  #countPicks(state) {
    if (this.#state && state.uptimeSeconds <= this.#state.uptimeSeconds) this.#picks = [];
    const now = state.uptimeSeconds;
    while (this.#picks.length > 1 && now - this.#picks[1].at >= shareWindow) this.#picks.shift();
    const base = this.#picks[0];
    let total = 0;
    for (const one of state.endpoints) {
      one.picked = base ? Math.max(0, one.picks - (base.picks.get(`${one.namespace}/${one.name}`) ?? 0)) : 0;
      total += one.picked;
    }

    for (const one of state.endpoints) one.share = total > 0 ? one.picked / total : null;
    if (this.#picks.length === 0 || now - this.#picks.at(-1).at >= shareStep) {
      this.#picks.push({ at: now, picks: new Map(state.endpoints.map(one => [`${one.namespace}/${one.name}`, one.picks])) });
    }
  }

  #sort(ascending) {
    this.#ascending = ascending;
    const button = this.#find('sort-direction');
    write(button, ascending ? '↑' : '↓');
    attribute(button, 'aria-label', ascending ? 'Ascending; change to descending' : 'Descending; change to ascending');
    this.#render();
  }

  #render() {
    if (!this.#state) return;
    const signal = signals.find(one => one.key === this.#find('colour-by').value);
    const top = signal.top(this.#state.endpoints.reduce((max, one) => Math.max(max, signal.read(one) ?? 0), 0), this.#state);
    this.#shown = this.#ordered();
    const map = this.#find('map');
    map.className = this.#shown.length <= 12 ? 'cards' : this.#shown.length <= 120 ? 'tiles' : 'dots';
    for (const cell of this.#shown) this.#paint(cell, signal, top);
    this.#arrange(map);
    this.#fit(map);
    this.#legend(signal, top);
    this.#describe();
    const empty = this.#find('endpoints-empty');
    empty.hidden = this.#shown.length > 0;
    write(empty, this.#state.endpoints.length === 0 ? 'The pool has no endpoints: every request is refused with 503.' : 'No endpoint matches the filter.');
  }

  #ordered() {
    const wanted = this.#find('filter').value.trim().toLowerCase();
    const cells = [...this.#cells.values()].filter(cell => wanted === '' || searched(cell.endpoint).includes(wanted));
    const key = this.#find('sort-by').value;
    const read = signals.find(one => one.key === key)?.read;
    const sign = this.#ascending ? 1 : -1;
    return cells.sort((a, b) => {
      if (!read) return sign * byName(a, b);
      const [x, y] = [read(a.endpoint), read(b.endpoint)];
      if (x === null || y === null) return (x === null) - (y === null) || byName(a, b);
      return sign * (x - y) || byName(a, b);
    });
  }

  #paint(cell, signal, top) {
    const one = cell.endpoint;
    const never = one.ageSeconds === null;
    const doubtful = one.stale && signal.scraped;
    const value = signal.read(one);
    attribute(cell.node, 'class', `cell${never ? ' never' : one.stale ? ' stale' : ''}`);
    write(cell.name, one.name);
    write(cell.value, never && signal.scraped ? '?' : value === null ? absent : signal.cell(value));
    const colour = doubtful || value === null ? null : this.#ramp[Math.round(Math.min(1, value / top) * (steps - 1))];
    if (cell.colour !== colour) {
      cell.colour = colour;
      cell.node.style.backgroundColor = colour?.fill ?? '';
      cell.node.style.color = colour?.text ?? '';
    }

    attribute(cell.node, 'aria-label', `${one.name}: ${signal.name} ${value === null ? 'unknown' : signal.format(value)}${never ? ', never scraped' : one.stale ? ', stale' : ''}`);
    attribute(cell.node, 'aria-selected', String(cell.key === this.#selected));
    if (this.#shown.length <= 12) {
      if (cell.rest.childElementCount === 0) cell.rest.append(...signals.map(() => element('span', '', element('i'), element('b'))));
      signals.forEach((other, i) => {
        const [label, figure] = cell.rest.children[i].children;
        const read = other.read(one);
        write(label, other.name);
        write(figure, other.key === 'lora' ? slots(one) : read === null ? absent : other.format(read));
      });
    }
  }

  // Cells change places only while nobody points at them, and the one in use keeps the focus.
  #arrange(map) {
    const focused = map.contains(document.activeElement) ? document.activeElement : null;
    const listed = new Set(this.#shown.map(cell => cell.node));
    for (const node of [...map.children]) if (!listed.has(node)) node.remove();
    if (!this.#held || map.childElementCount !== listed.size) {
      this.#shown.forEach((cell, i) => {
        if (map.children[i] !== cell.node) map.insertBefore(cell.node, map.children[i] ?? null);
      });
    }

    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
    const reachable = focused?.isConnected ? focused : map.querySelector('[aria-selected="true"]') ?? map.firstElementChild;
    for (const node of map.children) node.tabIndex = node === reachable ? 0 : -1;
  }

  // Where the map has a height of its own, cells grow until they fill it.
  #fit(map) {
    const room = bounded.matches ? map.clientWidth * map.clientHeight : 0;
    const width = Math.max(34, Math.min(80, Math.floor(Math.sqrt(room / Math.max(1, this.#shown.length) * 1.5)) - 4));
    map.style.setProperty('--cell', `${width}px`);
    map.style.setProperty('--row', `${Math.max(22, Math.floor(width / 1.6))}px`);
  }

  #legend(signal, top) {
    const all = this.#state.endpoints;
    const [never, stale] = [all.filter(one => one.ageSeconds === null).length, all.filter(one => one.stale && one.ageSeconds !== null).length];
    const legend = this.#find('legend');
    if (legend.childElementCount === 0) {
      legend.append(element('span', '', element('span', 'low'), element('span', 'ramp'), element('span', 'high')),
        element('span', '', element('i', 'swatch stale'), element('span')),
        element('span', '', element('i', 'swatch never'), element('span')),
        element('span', 'matches'));
    }

    const [scale, staleText, neverText, matches] = legend.children;
    const format = signal.key === 'kv' || signal.key === 'share' ? value => hundredths(value) : signal.format;
    write(scale.children[0], signal.key === 'age' ? '0' : format(0));
    scale.children[1].style.backgroundImage = `linear-gradient(to right, ${[0, 13, 25, 38, 50, 63].map(i => this.#ramp[i].fill).join(', ')})`;
    write(scale.children[2], `${format(top)} ${signal.unit}`);
    write(staleText.children[1], `stale, older than ${duration(this.#state.staleAfterSeconds)}: ${stale}`);
    write(neverText.children[1], `never scraped: ${never}`);
    const listed = all.length < this.#state.endpointCount ? ` (the first ${all.length} of ${this.#state.endpointCount} are listed)` : '';
    write(matches, (this.#shown.length < all.length ? `${this.#shown.length} of ${all.length} match` : '') + listed);
  }

  #describe() {
    const cell = this.#cells.get(this.#pointed ?? this.#selected);
    const entries = cell ? facts(cell.endpoint) : poolFacts(this.#state);
    const detail = this.#find('detail');
    if (this.#terms.size === 0) {
      for (const [term] of entries) {
        const value = element('dd');
        this.#terms.set(term, value);
        detail.append(element('div', '', element('dt', '', term), value));
      }
    }

    for (const [term, text] of entries) {
      write(this.#terms.get(term), text);
      attribute(this.#terms.get(term), 'title', text);
    }
  }

  #point(node) {
    this.#pointed = node?.cell.key ?? null;
    if (this.#state) this.#describe();
  }

  #select(node) {
    if (!node) return;
    this.#selected = this.#selected === node.cell.key ? null : node.cell.key;
    this.#render();
  }

  #walk(event) {
    const nodes = [...this.#find('map').children];
    const at = nodes.indexOf(document.activeElement);
    if (at < 0) return;
    const columns = nodes.filter(node => node.offsetTop === nodes[0].offsetTop).length;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: nodes.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const target = nodes[Math.max(0, Math.min(nodes.length - 1, to))];
    for (const node of [nodes[at], target]) node.tabIndex = node === target ? 0 : -1;
    target.focus();
  }
}

function facts(one) {
  const known = value => value === null ? 'not told' : null;
  return [
    ['Endpoint', `${one.namespace}/${one.name}`],
    ['Address', one.destination],
    ['Queue', known(one.queue) ?? `${one.queue} waiting`],
    ['KV cache', known(one.kv) ?? percent(one.kv)],
    ['Running', known(one.running) ?? `${one.running} requests`],
    ['In flight, ours', `${one.inFlight} requests, ${count(one.inFlightTokens)} tokens`],
    ['LoRA adapters', one.adapters === null ? 'none' : `${slots(one)}${one.adapters.names.length ? `: ${one.adapters.names.join(', ')}` : ''}${one.adapters.loaded > one.adapters.names.length ? ', …' : ''}`],
    ['Picks, last minute', `${count(one.picked)} (${one.share === null ? absent : percent(one.share)})`],
    ['Signals', one.ageSeconds === null ? 'never scraped' : `${duration(one.ageSeconds)} old${one.stale ? ', stale' : ''}`],
  ];
}

function poolFacts(state) {
  const all = summary(state.endpoints);
  const both = (mean, max, format) => mean === null ? absent : `${format(mean)}, max ${format(max)}`;
  const ages = state.endpoints.map(one => one.ageSeconds).filter(age => age !== null);
  return [
    ['Endpoint', 'the pool, means'],
    ['Address', `of ${state.endpointCount} endpoints`],
    ['Queue', both(all.queueMean, all.queueMax, count)],
    ['KV cache', both(all.kvMean, all.kvMax, percent)],
    ['Running', both(all.runningMean, all.runningMax, count)],
    ['In flight, ours', `${all.inFlight} requests, ${count(state.endpoints.reduce((sum, one) => sum + one.inFlightTokens, 0))} tokens`],
    ['LoRA adapters', `${new Set(state.endpoints.flatMap(one => one.adapters?.names ?? [])).size} different`],
    ['Picks, last minute', count(state.endpoints.reduce((sum, one) => sum + one.picked, 0))],
    ['Signals', state.endpointCount === 0 ? absent : ages.length === 0 ? 'never scraped' : `oldest ${duration(Math.max(...ages))}`],
  ];
}

function slots(one) {
  return one.adapters === null ? absent : `${one.adapters.loaded} / ${one.adapters.slots ?? '?'}`;
}

function searched(one) {
  return `${one.namespace}/${one.name} ${one.destination} ${one.adapters?.names.join(' ') ?? ''}`.toLowerCase();
}

const collator = new Intl.Collator('en', { numeric: true });
const byName = (a, b) => collator.compare(a.key, b.key);

function colours(stops) {
  const rgb = stops.map(stop => [1, 3, 5].map(i => parseInt(stop.slice(i, i + 2), 16)));
  return Array.from({ length: steps }, (_, i) => {
    const at = i / (steps - 1) * (stops.length - 1);
    const [from, to] = [rgb[Math.floor(at)], rgb[Math.ceil(at)]];
    const [r, g, b] = from.map((value, c) => Math.round(value + (to[c] - value) * (at - Math.floor(at))));
    const luminance = [r, g, b].map(c => (c / 255) ** 2.2).reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k], 0);
    return { fill: `rgb(${r} ${g} ${b})`, text: luminance > 0.19 ? '#10141a' : '#fff' };
  });
}
