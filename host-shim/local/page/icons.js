// Small drawings, 20 units wide, in the colour of the text around them.

const PATHS = {
  hash: "M7.500 3 6 17M14 3l-1.500 14M3.500 7.500h13.500M3 12.500h13.500",
  lock: "M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9",
  archive: "M3 4h14v4H3zM4.500 8v8.500h11V8M8 11.500h4",
  video: "M3 6.500A1.500 1.500 0 0 1 4.500 5h7A1.500 1.500 0 0 1 13 6.500v7a1.500 1.500 0 0 1-1.500 1.500h-7A1.500 1.500 0 0 1 3 13.500zM13 9l4-2.500v7L13 11",
  reply: "M8 5 3.500 9.500 8 14M4 9.500h7.500a5 5 0 0 1 5 5v1",
  trash: "M4 6h12M8 6V4h4v2M5.500 6l.7 10.500h7.600L14.500 6M8.500 9v5M11.500 9v5",
  close: "M5 5l10 10M15 5 5 15",
  send: "M3.500 10h12M10.500 4.500 16 10l-5.500 5.500",
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  eye: "M2.500 10s2.700-5 7.500-5 7.500 5 7.500 5-2.700 5-7.500 5-7.500-5-7.500-5zM10 12.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400z",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100",
  moon: "M16.500 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.500 8.500z",
  system: "M3 4.500h14v9H3zM7 17h6M10 13.500V17",
  panel: "M3 4h14v12H3zM12 4v12",
  people: "M7.500 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM2.500 16c.3-3 2.200-4.500 5-4.500s4.700 1.500 5 4.500M13 9a2.200 2.200 0 1 0-.8-4.200M14.500 11.700c1.800.5 2.800 1.900 3 4.300",
  check: "M4 10.500 8 14.500 16 5.500",
  chevron: "M6 8l4 4 4-4",
  copy: "M7 7h9v9H7zM4 13V4h9",
  warning: "M10 3.500 17.500 16.500h-15zM10 8.500v3.500M10 14.300v.2",
  file: "M5 3h6.500L15 6.500V17H5zM11.500 3v3.500H15",
};

/** An icon; it says nothing to people who listen to the page. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
