// What is said in a video, in order of time, with the sentence and the note it stands in; without a video,
// the videos there are and the notes by date.

function videos() {
  // video -> its passages, by number
  if (videos.found) return videos.found;
  graph.passages = graph.start.passagesOf?.() || graph.start.passages || {};
  const found = new Map(), {video = [], second = []} = graph.passages;
  video.forEach((node, place) => { if (found.has(node)) found.get(node).push(place); else found.set(node, [place]); });
  for (const list of found.values()) list.sort((a, b) => second[a] - second[b] || a - b);
  videos.found = found;
  return found;
}

function showTimeline(now) {
  const began = performance.now();
  const parts = now.video !== undefined ? oneVideo(now.video) : allTimes();
  $('times').replaceChildren(...parts.flat().filter(Boolean));
  took.timeline = performance.now() - began;
}

function oneVideo(video) {
  const list = videos().get(video) || [], {second = [], note: notes = [], line = [], text = []} = graph.passages;
  const places = list.filter((place) => shown.node[notes[place]]);
  const end = Math.max(60, ...places.map((place) => second[place]));
  return [
    make('div', {class: 'actions'}, make('button', {type: 'button', class: 'plain', click: () => go({video: undefined})}, '← All videos'),
      outward(graph.url.get(video), {class: 'plain'}, 'Open the video ↗')),
    make('h2', {}, make('bdi', {}, graph.label[video])),
    make('p', {class: 'hint'}, places.length ? `${plural(places.length, 'passage')} in order of time, up to ${clock(end)}.` : 'No passage with a time is kept for this video.'),
    places.length > 1 ? strip(places, end) : null,
    make('ol', {class: 'times'}, places.map((place, turn) => make('li', {id: `passage-${turn}`, class: `tone-${toneOf(notes[place])}`},
      make('div', {class: 'when'}, outward(moment(video, second[place]), {class: 'play', 'aria-label': `Play at ${clock(second[place])}`}, `▶ ${clock(second[place])}`) || clock(second[place])),
      make('div', {class: 'what'}, goTo(notes[place]), make('p', {}, make('bdi', {}, graph.texts[text[place]] || '')), sourceLine(notes[place], line[place]))))),
  ];
}

function strip(places, end) {
  // The length of the video as a line with a mark for every passage.
  const {second, note: notes} = graph.passages;
  const marks = places.map((place, turn) => {
    const x = 8 + 984 * second[place] / end;
    const mark = drawing('rect', {class: `tone-${toneOf(notes[place])}`, x: x - 4, y: 10, width: 8, height: 20, rx: 2, fill: 'currentColor', 'fill-opacity': 0.8});
    mark.addEventListener('click', () => $(`passage-${turn}`).scrollIntoView({block: 'center', behavior: still.matches ? 'auto' : 'smooth'}));
    mark.append(drawing('title', {}, `${clock(second[place])} ${shorten(graph.label[notes[place]], 60)}`));
    return mark;
  });
  return make('div', {class: 'strip', 'aria-hidden': 'true'},
    drawing('svg', {viewBox: '0 0 1000 40', preserveAspectRatio: 'none'}, drawing('line', {x1: 8, x2: 992, y1: 20, y2: 20, stroke: 'currentColor', 'stroke-opacity': 0.3, 'stroke-width': 2}), ...marks),
    make('span', {}, '0:00'), make('span', {}, clock(end)));
}

function allTimes() {
  const found = [...videos()].filter(([video]) => shown.node[video]).sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  const dated = [...graph.date].filter(([node]) => shown.node[node]).sort((a, b) => (a[1] < b[1] ? 1 : a[1] > b[1] ? -1 : a[0] - b[0]));
  const months = new Map();
  for (const [node, date] of dated) { const month = date.slice(0, 7); if (months.has(month)) months.get(month).push([node, date]); else months.set(month, [[node, date]]); }
  const row = ([video, places]) => make('li', {}, make('button', {type: 'button', class: 'go', click: () => go({video})}, swatchOf(video), make('bdi', {}, graph.label[video])),
    make('span', {class: 'count'}, plural(places.length, 'passage')));
  return [
    make('h2', {}, 'Timeline'),
    found.length || dated.length ? null : make('p', {class: 'hint'}, 'No note of this page names a video with times, and none has a date.'),
    found.length ? [make('h3', {}, 'Videos'), make('p', {class: 'hint'}, 'Open one to read what was said in it, in order of time.'), longList('columns', found, row)] : null,
    dated.length ? [make('h3', {}, 'Notes by date'), longList('months', [...months], ([month, list]) => make('li', {}, make('strong', {}, monthName(month)),
      longList('ends', list, ([node, date]) => make('li', {}, make('time', {datetime: date}, date), ' ', goTo(node)))))] : null,
  ].flat();
}

function monthName(month) {
  const [year, number1] = month.split('-').map(Number);
  return number1 >= 1 && number1 <= 12 ? `${['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'][number1 - 1]} ${year}` : month;
}
