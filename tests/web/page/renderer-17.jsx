import ReactDOM from "react-dom";

/** Draws into an element, as clients up to 11.0 do. */
export const render = (element, into) => ReactDOM.render(element, into);
