// Numbers and names as people read them. Text from requests becomes text nodes alone: nothing here or elsewhere parses it as HTML.

export const absent = '–';

export function count(value) {
  if (value === null || value === undefined) return absent;
  const size = Math.abs(value);
  if (size >= 9.95e8) return `${(value / 1e9).toFixed(1)}G`;
  if (size >= 9.95e5) return `${(value / 1e6).toFixed(1)}M`;
  if (size >= 9950) return `${(value / 1e3).toFixed(size >= 99500 ? 0 : 1)}k`;
  return Number.isInteger(value) ? String(value) : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

export function percent(value) {
  if (value === null || value === undefined) return absent;
  const hundredths = value * 100;
  return `${hundredths.toFixed(hundredths > 0 && hundredths < 9.95 ? 1 : 0)} %`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return absent;
  if (seconds < 0.00095) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.95) return `${trim(seconds * 1e3)} ms`;
  if (seconds < 99.5) return `${trim(seconds)} s`;
  if (seconds < 5970) return `${Math.floor(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours} h ${Math.floor(seconds % 3600 / 60)} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

// Of what happened lately; finer than a second it would only flicker.
export function ago(seconds) {
  return seconds < 1 ? '< 1 s' : seconds < 99.5 ? `${Math.floor(seconds)} s` : duration(seconds);
}

export function score(value) {
  return typeof value === 'number' ? value.toFixed(2) : absent;
}

export function signed(value) {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

function trim(value) {
  return value >= 9.95 ? value.toFixed(0) : String(Number(value.toFixed(1)));
}

// An element with a class and children; strings become text.
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// Writes only what has changed: most of the page is the same from one second to the next.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function attribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}
