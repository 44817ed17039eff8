import { createRoot } from "react-dom/client";

/** Draws into an element, as clients from 11.1 on do. */
export const render = (element, into) => createRoot(into).render(element);
