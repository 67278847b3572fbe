// Small line charts over the last minutes, and the arithmetic that makes rates and quantiles of two readings of cumulative counts.

import { absent, count, duration, element, percent, write } from './format.js';

const kept = 300;
const shortest = 60;
const gap = 5;
const quantileWindow = 10;
const rate = value => value === null ? absent : `${count(value)}/s`;


// Below the first bucket's bound a quantile is a guess; the line shows it, the figure does not.
const decisionTime = (value, sample) => value !== null && value < sample?.resolution ? `< ${duration(sample.resolution)}` : duration(value);

const definitions = [
  { title: 'Requests', format: rate, lines: [['placed', s => s.requests], ['errors', s => s.errors]] },
  { title: 'Decision time', format: decisionTime, least: 0.001, lines: [['p50', s => s.p50], ['p99', s => s.p99]] },
  { title: 'In flight', format: count, lines: [['requests', s => s.inFlight], ['streams', s => s.streams, 'optional']] },
  { title: 'Picks', format: rate, lines: [['scheduled', s => s.picks], ['failed', s => s.failedPicks]] },
  { title: 'Scrapes', format: rate, lines: [['all', s => s.scrapes], ['failed', s => s.scrapeErrors]] },
  { title: 'KV cache', format: percent, least: 1, lines: [['mean', s => s.kvMean], ['max', s => s.kvMax]] },
  { title: 'Queue', format: count, lines: [['mean', s => s.queueMean], ['max', s => s.queueMax]] },
];

// What is drawn, a sample a reading. Counts that go backwards, or an uptime that does, mean another process.
export class History {
  samples = [];
  readings = [];

  add(state) {
    const last = this.readings.at(-1);
    if (last && state.uptimeSeconds <= last.uptimeSeconds) {
      this.samples = [];
      this.readings = [];
    }

    this.readings.push(reading(state));
    if (this.readings.length > kept) this.readings.shift();
    if (this.readings.length < 2) return;
    this.samples.push(this.#sample(this.readings.at(-2), this.readings.at(-1)));
    if (this.samples.length > kept) this.samples.shift();
  }

  #sample(from, to) {
    const seconds = to.uptimeSeconds - from.uptimeSeconds;
    const sample = { at: to.uptimeSeconds, seconds, streams: to.streams, ...to.pool };
    for (const name of Object.keys(to.counts)) sample[name] = Math.max(0, to.counts[name] - from.counts[name]) / seconds;
    const window = this.readings.find(one => one === from || to.uptimeSeconds - one.uptimeSeconds <= quantileWindow);
    sample.resolution = to.bounds[0];
    sample.p50 = quantile(to.bounds, window.buckets, to.buckets, 0.5);
    sample.p99 = quantile(to.bounds, window.buckets, to.buckets, 0.99);
    return sample;
  }
}

function reading(state) {
  return {
    uptimeSeconds: state.uptimeSeconds,
    counts: { ...state.counts, picks: state.endpoints.reduce((sum, one) => sum + one.picks, 0) },
    streams: state.streams,
    bounds: state.decisionTimes.bounds,
    buckets: state.decisionTimes.buckets,
    pool: summary(state.endpoints),
  };
}

// Over endpoints with fresh signals; absent signals are left out, not counted as 0.
export function summary(endpoints) {
  const fresh = endpoints.filter(one => !one.stale);
  const of = (list, name) => list.map(one => one[name]).filter(value => value !== null);
  const mean = list => list.length ? list.reduce((a, b) => a + b, 0) / list.length : null;
  const max = list => list.length ? list.reduce((a, b) => Math.max(a, b)) : null;
  const [kv, queue, running] = [of(fresh, 'kv'), of(fresh, 'queue'), of(fresh, 'running')];
  return {
    kvMean: mean(kv), kvMax: max(kv), queueMean: mean(queue), queueMax: max(queue), runningMean: mean(running), runningMax: max(running),
    inFlight: endpoints.reduce((sum, one) => sum + one.inFlight, 0),
  };
}

// Linear within the bucket, as Prometheus does; null where nothing was observed between the two.
export function quantile(bounds, from, to, share) {
  const counts = to.map((value, i) => Math.max(0, value - (from[i] ?? 0)));
  const total = counts.reduce((a, b) => a + b, 0);
  if (total === 0) return null;
  let rank = share * total;
  for (let i = 0; i < counts.length; i++) {
    if (rank <= counts[i] && counts[i] > 0) {
      const low = i === 0 ? 0 : bounds[i - 1];
      return i === bounds.length ? low : low + (bounds[i] - low) * rank / counts[i];
    }

    rank -= counts[i];
  }

  return bounds.at(-1) ?? null;
}

export class Charts {
  #charts;
  #history;

  constructor(container, history) {
    this.#history = history;
    this.#charts = definitions.map(definition => new Chart(container, definition));
    const draw = () => this.draw();
    new ResizeObserver(draw).observe(container);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  }

  draw() {
    const style = getComputedStyle(document.documentElement);
    const colours = ['--line-1', '--line-2', '--rule', '--muted'].map(name => style.getPropertyValue(name));
    for (const chart of this.#charts) chart.draw(this.#history.samples, colours);
  }
}

class Chart {
  #definition;
  #canvas = element('canvas');
  #values;
  #legend;
  #span = element('span', 'span muted');
  #top = element('span', 'top muted');
  #samples = [];
  #colours = [];
  #pointer = null;

  constructor(container, definition) {
    this.#definition = definition;
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#values = definition.lines.map(() => element('b', '', absent));
    this.#legend = definition.lines.map(([name], i) => element('span', `series line-${i + 1}`, element('i'), name, ' ', this.#values[i]));
    container.append(element('figure', '',
      element('figcaption', '', element('h3', '', definition.title), this.#span),
      element('div', 'series-list', ...this.#legend), this.#top, this.#canvas));
    const move = event => {
      this.#pointer = event.offsetX;
      this.draw(this.#samples, this.#colours);
    };
    this.#canvas.addEventListener('pointermove', move);
    this.#canvas.addEventListener('pointerleave', () => {
      this.#pointer = null;
      this.draw(this.#samples, this.#colours);
    });
  }

  draw(samples, colours) {
    this.#samples = samples;
    this.#colours = colours;
    const { lines, format, least = 1 } = this.#definition;
    const width = this.#canvas.clientWidth, height = this.#canvas.clientHeight, scale = devicePixelRatio || 1;
    if (this.#canvas.width !== Math.round(width * scale)) this.#canvas.width = Math.round(width * scale);
    if (this.#canvas.height !== Math.round(height * scale)) this.#canvas.height = Math.round(height * scale);
    const context = this.#canvas.getContext('2d');
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const now = samples.at(-1)?.at ?? 0;
    const span = Math.min(kept, Math.max(shortest, now - (samples[0]?.at ?? now)));
    const peak = samples.reduce((most, sample) => lines.reduce((m, [, read]) => Math.max(m, read(sample) ?? 0), most), 0);
    const top = peak <= least ? least : round(peak);
    const x = at => (width - 1) * (1 - (now - at) / span);
    const y = value => height - 1.5 - (height - 3) * value / top;
    context.lineWidth = 1;
    context.strokeStyle = colours[2];
    for (const level of [0, 0.5, 1]) line(context, [[0, y(top * level)], [width, y(top * level)]]);
    write(this.#top, format(top));

    const shown = this.#pointer === null ? samples.at(-1) : nearest(samples, now - span * (1 - this.#pointer / width));
    if (this.#pointer !== null && shown) {
      context.strokeStyle = colours[3];
      line(context, [[x(shown.at), 0], [x(shown.at), height]]);
    }

    lines.forEach(([, read, optional], i) => {
      this.#legend[i].hidden = optional !== undefined && samples.every(sample => (read(sample) ?? null) === null);
      context.strokeStyle = colours[i];
      context.lineWidth = 1.5;
      context.setLineDash(i === 1 ? [4, 2] : []);
      for (const piece of pieces(samples, read)) line(context, piece.map(([at, value]) => [x(at), y(value)]));
      write(this.#values[i], shown ? format(read(shown) ?? null, shown) : absent);
    });
    context.setLineDash([]);
    write(this.#span, this.#pointer !== null && shown ? `${duration(now - shown.at)} ago` : `last ${span < 90 ? `${Math.round(span)} s` : `${Math.round(span / 60)} min`}`);
  }
}

// Runs of samples without a hole: a tab that was hidden, or a quantile of nothing, leaves one.
function pieces(samples, read) {
  const runs = [];
  let run = null;
  for (const sample of samples) {
    const value = read(sample) ?? null;
    if (value === null || sample.seconds > gap) run = null;
    if (value === null) continue;
    if (run === null) runs.push(run = []);
    run.push([sample.at, value]);
  }

  return runs;
}

function line(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  if (points.length === 1) context.lineTo(points[0][0] + 1.5, points[0][1]);
  context.stroke();
}

function nearest(samples, at) {
  return samples.reduce((best, one) => best === undefined || Math.abs(one.at - at) < Math.abs(best.at - at) ? one : best, undefined);
}

// The next of 1, 2, 2.5, 5 times a power of ten, so that the scale does not twitch.
function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].find(step => step * power >= value) * power;
}
