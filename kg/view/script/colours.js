// Colours are those of page.css, read once for the canvas. A colour says the kind or the community of a
// node; the shape always says the kind, so that nothing is said by colour alone.

let colours;
const colouring = {by: 'kind'};

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  colours = {ground: get('ground'), surface: get('surface'), ink: get('ink'), muted: get('muted'), edge: get('edge'), accent: get('accent'), line: get('line'),
    tones: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((tone) => get(`tone-${tone}`))};
}

function toneOf(node) {
  if (colouring.by === 'kind') return kindOf(node).tone;
  const island = communityOf(node);
  return island ? Math.min(8, island.tone) : 8;
}

const isDark = () => document.documentElement.dataset.theme === 'dark';

function theme(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  $('theme').setAttribute('aria-pressed', String(dark));
  readColours();
  if (graph.count && canvas) repaint();
}
