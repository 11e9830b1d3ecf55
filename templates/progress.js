"use strict";
(() => {
  const AT_ONCE = 100;
  const WIDE = ["说明", "文件", "工作单位", "单位名称"];
  const source = document.getElementById("data");
  let store;
  const data = () => (store = store || JSON.parse(source.textContent));
  const order = new Intl.Collator("zh-CN", { numeric: true });
  let names = 0;

  /** A new element; texts are set as text, never as markup. */
  const make = (tag, properties, ...children) => {
    const made = document.createElement(tag);
    Object.entries(properties || {}).forEach(([name, value]) => {
      if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    });
    made.append(...children);
    return made;
  };

  /** The rows of a list that have what is asked for in its columns. */
  const chosen = (list, where) => {
    const { words } = data();
    const wanted = Object.entries(where).map(([name, value]) => [list.columns.indexOf(name), words.indexOf(value)]);
    return list.rows.filter((row) => wanted.every(([column, word]) => row[column] === word));
  };

  /** Makes headings into buttons; `sort` is called with the column and 1 or -1. */
  const sortable = (headings, sort) => headings.forEach((heading, column) => {
    const button = make("button", { type: "button" }, ...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((other) => other.setAttribute("aria-sort", "none"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(column, down ? -1 : 1);
    });
  });

  /** A list with search, filters, sorted columns, a hundred rows at a time. */
  const listed = (name, where, filters, title) => {
    const { words, lists } = data();
    const list = lists[name];
    if (list.left) {
      return make("p", { className: "notice" }, `共 ${list.left} 行，逐行清单请看《${source.dataset.workbook}》。`);
    }
    const look = list.columns.map((column) => (WIDE.includes(column) ? "wide" : ""));
    const shownColumns = list.columns.map((_, at) => at).filter((at) => !(list.columns[at] in where));
    const all = chosen(list, where);
    let rows = all;
    let shown = AT_ONCE;

    const count = make("p", { role: "status" });
    const body = make("tbody");
    const more = make("button", { type: "button", className: "more", textContent: "再显示 100 行" });
    const search = make("input", { type: "search", autocomplete: "off" });
    const selects = filters.map((column) => {
      const at = list.columns.indexOf(column);
      const values = [...new Set(all.map((row) => row[at]))].sort((one, other) => order.compare(words[one], words[other]));
      return [at, make("select", null, make("option", { value: "", textContent: "全部" }),
        ...values.map((word) => make("option", { value: word, textContent: words[word] })))];
    });

    const draw = () => {
      body.replaceChildren(...rows.slice(0, shown).map((row) => make("tr", null,
        ...shownColumns.map((at) => make("td", { textContent: words[row[at]], className: look[at] })))));
      more.hidden = rows.length <= shown;
      count.textContent = rows.length === all.length ? `${all.length} 行` : `${rows.length} 行，共 ${all.length} 行`;
    };
    const filter = () => {
      const asked = search.value.trim().toLowerCase();
      const found = asked && new Set(words.map((_, at) => at).filter((at) => words[at].toLowerCase().includes(asked)));
      rows = all.filter((row) => selects.every(([at, select]) => select.value === "" || row[at] === Number(select.value))
        && (!asked || shownColumns.some((at) => found.has(row[at]))));
      shown = AT_ONCE;
      draw();
    };
    const headings = shownColumns.map((at) => make("th", { scope: "col", textContent: list.columns[at], className: look[at] }));
    sortable(headings, (column, way) => {
      const at = shownColumns[column];
      const sorted = [...new Set(all.map((row) => row[at]))].sort((one, other) => order.compare(words[one], words[other]));
      const rank = new Map(sorted.map((word, place) => [word, place]));
      all.sort((one, other) => way * (rank.get(one[at]) - rank.get(other[at])));
      filter();
    });
    search.addEventListener("input", filter);
    selects.forEach(([, select]) => select.addEventListener("change", filter));
    more.addEventListener("click", () => { shown += AT_ONCE; draw(); });
    draw();

    const tools = make("form", { className: "tools" });
    tools.setAttribute("role", "search");
    tools.setAttribute("aria-label", `筛选${title}`);
    tools.addEventListener("submit", (event) => event.preventDefault());
    if (all.length > 5) {
      tools.append(make("label", null, "查找 ", search),
        ...selects.map(([at, select]) => make("label", null, `${list.columns[at]} `, select)));
    }
    tools.append(count);
    const table = make("table", { className: "ruled list" }, make("caption", { className: "unseen", textContent: title }),
      make("thead", null, make("tr", null, ...headings)), body);
    const scroll = make("div", { className: "scroll", role: "region", tabIndex: 0 }, table);
    scroll.setAttribute("aria-label", title);
    return make("div", null, tools, all.length ? scroll : "", more);
  };

  /* A figure opens its sources. */
  const dialog = document.getElementById("sources");
  document.querySelectorAll("button.figure").forEach((button) => button.addEventListener("click", () => {
    const title = `${button.dataset.name}：${button.firstChild.textContent}`;
    document.getElementById("sources-title").textContent = title;
    document.getElementById("sources-list").replaceChildren(listed(button.dataset.list, JSON.parse(button.dataset.where), [], title));
    dialog.showModal();
    dialog.scrollTop = 0;
  }));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  /* A unit's row opens to its persons, findings and claims. */
  const table = document.getElementById("unit-table");
  const units = [...table.tBodies[0].rows];
  const opened = new Map();
  const pane = (unit) => make("div", { className: "pane" }, ...[
    ["sources", "计入的人员"], ["findings", "退回与复核"], ["claims", "奖励申请"],
  ].flatMap(([name, title]) => [make("h3", { textContent: title }), listed(name, { 填报单位: unit }, [], `${unit}${title}`)]));
  units.forEach((row) => {
    const unit = row.dataset.unit;
    const id = `unit-${(names += 1)}`;
    const button = make("button", { type: "button" }, ...row.cells[0].childNodes);
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", id);
    row.cells[0].append(button);
    const detail = make("tr", { className: "opened", id, hidden: true }, make("td", { colSpan: row.cells.length }));
    row.after(detail);
    opened.set(row, detail);
    button.addEventListener("click", () => {
      if (!detail.firstChild.firstChild) detail.firstChild.append(pane(unit));
      detail.hidden = !detail.hidden;
      button.setAttribute("aria-expanded", String(!detail.hidden));
    });
  });

  const text = document.getElementById("unit-text");
  const state = document.getElementById("unit-state");
  const narrow = () => {
    let seen = 0;
    units.forEach((row) => {
      const fits = row.dataset.unit.includes(text.value.trim()) && (!state.value || row.dataset.has.split(" ").includes(state.value));
      row.hidden = !fits;
      opened.get(row).hidden = !fits || row.querySelector("button").getAttribute("aria-expanded") === "false";
      seen += fits;
    });
    document.getElementById("unit-count").textContent = seen === units.length ? `${seen} 个单位` : `${seen} 个单位，共 ${units.length} 个`;
  };
  text.addEventListener("input", narrow);
  state.addEventListener("change", narrow);
  text.form.addEventListener("submit", (event) => event.preventDefault());

  const place = new Map(units.map((row, at) => [row, at]));
  sortable([...table.querySelectorAll("th[data-sort]")], (column, way) => {
    const value = (row) => row.cells[column].textContent.replaceAll(",", "");
    const compare = column ? (one, other) => order.compare(value(one), value(other)) : (one, other) => place.get(one) - place.get(other);
    units.sort((one, other) => way * compare(one, other));
    table.tBodies[0].append(...units.flatMap((row) => [row, opened.get(row)]));
  });

  /* The long lists are made when they are opened. */
  document.querySelectorAll("details[data-list]").forEach((details) => details.addEventListener("toggle", () => {
    if (details.open && !details.children[1]) {
      details.append(listed(details.dataset.list, {}, details.dataset.filters.split(" "), details.closest("section").querySelector("h2").textContent));
    }
  }));
  document.getElementById("unscripted").remove();
})();
