/**
 * Draws the outputs of notes with the code of Zeppelin's own charts. What Zeppelin's pages would do around them is
 * here: a chart's settings are made of those of its paragraph, and its labels are put as the settings say.
 */

import LineChart from "/zeppelin/visualization/builtins/visualization-linechart";
import BarChart from "/zeppelin/visualization/builtins/visualization-barchart";
import ScatterChart from "/zeppelin/visualization/builtins/visualization-scatterchart";
import TableData from "/zeppelin/tabledata/tabledata";

/** The charts that the notes have; any other is shown as its table. */
const KINDS = {
  lineChart: LineChart,
  multiBarChart: BarChart,
  scatterChart: ScatterChart,
};

/** What a chart draws for its numbers, by kind. */
const MARKS = {
  lineChart: ".nv-linesWrap path.nv-line",
  multiBarChart: "rect.nv-bar",
  scatterChart: "path.nv-point",
};

/** Room below an axis, by how its labels stand. */
const BELOW = { default: 50, rotate: 140, hide: 50 };

/** By so much, at most, Zeppelin moves the points of a scatter chart, so that none covers another. */
const SHIFT = 1e-4;

/** From this width of the window on, bars have room for their names. */
const WIDE = 1000;

// what Zeppelin's code finds in its pages
window.angular = { equals: (one, other) => JSON.stringify(one) === JSON.stringify(other) };
nv.utils.windowResize = () => ({ clear() {} });

/** The element as Zeppelin's code knows it. */
function wrapped(element) {
  return {
    0: element,
    append: (html) => element.insertAdjacentHTML("beforeend", html),
    height: () => element.clientHeight,
  };
}

function settings(graph) {
  const config = structuredClone(graph.setting?.[graph.mode] ?? {});
  config.common = structuredClone(graph.commonSetting ?? {});
  if (graph.keys) {
    config.common.pivot = structuredClone({
      keys: graph.keys,
      groups: graph.groups,
      values: graph.values,
    });
  }
  return config;
}

function tableData(text) {
  const read = new TableData();
  read.loadParagraphResult({ type: "TABLE", msg: text });
  return read;
}

function drawnTable(element, data) {
  element.classList.add("scrolled");
  const table = document.createElement("table");
  const row = (cells, kind) => {
    const line = table.insertRow();
    for (const cell of cells) {
      line.appendChild(document.createElement(kind)).textContent = cell;
    }
  };
  row(
    data.columns.map((column) => column.name),
    "th",
  );
  data.rows.forEach((cells) => row(cells, "td"));
  element.appendChild(table);
}

/** Puts an empty paragraph on the page; width in twelfths of a row. */
window.place = (id, title, width) => {
  const paragraph = document.createElement("div");
  paragraph.className = "paragraph";
  paragraph.style.setProperty("--width", `${(100 * width) / 12}%`);
  paragraph.innerHTML = `<div id="${id}"></div>`;
  document.querySelector(".row").appendChild(paragraph);
  if (title) {
    paragraph.firstChild.appendChild(document.createElement("h3")).textContent = title;
  }
};

/** Puts an output into a paragraph: HTML and text as they are, a table as an empty place for its chart. */
window.show = (place, id, kind, text) => {
  const output = document.createElement(kind === "TEXT" ? "pre" : "div");
  output.id = id;
  if (kind === "HTML") {
    output.innerHTML = text;
  } else if (kind === "TEXT") {
    output.textContent = text;
  }
  document.getElementById(place).appendChild(output);
};

/** Draws a table as the chart that its paragraph asks for. */
window.draw = (id, graph, text) => {
  const element = document.getElementById(id);
  element.style.height = `${graph.height ?? 300}px`;
  const data = tableData(text);
  if (!KINDS[graph.mode]) {
    drawnTable(element, data);
    return;
  }
  const config = settings(graph);
  const chart = new KINDS[graph.mode](wrapped(element), config);
  chart._emitter = () => {};
  chart.render(chart.getTransformation().transform(data));
  if (graph.mode === "lineChart" || graph.mode === "multiBarChart") {
    const status = config.xLabelStatus ?? "default";
    chart.chart.margin({ bottom: BELOW[status] });
    chart.chart.showXAxis(status !== "hide");
    chart.chart.xAxis.rotateLabels(status === "rotate" ? (config.rotate?.degree ?? "-45") : 0);
    chart.refresh();
  }
};

function visible(node) {
  for (let at = node; at instanceof Element; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.display === "none" || style.visibility === "hidden" || style.opacity === "0") {
      return false;
    }
  }
  return true;
}

function overlapping(labels) {
  const boxes = labels.map((label) => label.getBoundingClientRect());
  return boxes.some((box, i) => i > 0 && box.left < boxes[i - 1].right - 1 && box.top < boxes[i - 1].bottom);
}

/** What is wrong with a chart that has been drawn, as sentences. */
window.faults = (id, graph) => {
  if (!KINDS[graph.mode]) {
    return [];
  }
  const svg = document.querySelector(`#${id} svg`);
  const marks = [...svg.querySelectorAll(MARKS[graph.mode])].filter((mark) => {
    const box = mark.getBBox();
    return box.width + box.height > 0;
  });
  if (!marks.length) {
    return ["draws nothing"];
  }
  const said = [];
  const ticks = (axis) =>
    [...svg.querySelectorAll(`.nv-axis.nv-${axis} .tick text, .nv-axis.nv-${axis} .nv-axisMaxMin text`)].filter(
      (label) => label.textContent && visible(label),
    );
  const heights = d3.select(svg).datum().flatMap((series) => series.values.map((value) => value.y));
  const differ = Math.max(...heights) - Math.min(...heights) > (graph.mode === "scatterChart" ? SHIFT : 0);
  const numbers = ticks("y").map((label) => label.textContent);
  if (differ && numbers.length > 1 && 2 * new Set(numbers).size <= numbers.length) {
    said.push(`has a vertical axis of equal numbers: ${numbers.join(", ")}`);
  }
  const legend = [...svg.querySelectorAll(".nv-legend-text")].map((label) => label.textContent);
  const cutName = legend.find((label) => label.endsWith("..."));
  if (cutName) {
    said.push(`cuts the name ${cutName}`);
  }
  const names = [...svg.querySelectorAll(".nv-axis.nv-x .tick text")];
  if (graph.mode === "multiBarChart" && innerWidth >= WIDE && !names.every(visible)) {
    said.push("leaves out names of bars");
  }
  const aslant = graph.setting?.[graph.mode]?.xLabelStatus === "rotate";
  const across = ticks("x").sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left);
  if (!aslant && overlapping(across)) {
    said.push("has labels below it that overlap");
  }
  const edges = svg.getBoundingClientRect();
  const cut = [...ticks("x"), ...ticks("y")].find((label) => {
    const box = label.getBoundingClientRect();
    return box.left < edges.left - 1 || box.right > edges.right + 1 || box.bottom > edges.bottom + 1;
  });
  if (cut) {
    said.push(`cuts the label ${cut.textContent}`);
  }
  return said;
};
