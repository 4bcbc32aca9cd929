// Everything the pages do by script. Each page works without it.

import { CharacterCount, Checkboxes, ErrorSummary, createAll } from "govuk-frontend";
import { startAutosave } from "./autosave.js";
import { startChoosing } from "./choosing.js";
import { startCopying } from "./copy.js";
import { startDetails } from "./details.js";
import { startFacets } from "./facets.js";
import { startFileNames } from "./files.js";
import { startKeeping } from "./keeps.js";
import { startKeys } from "./keys.js";
import { startMap } from "./map.js";
import { startOnce } from "./once.js";
import { startPrinting } from "./print.js";
import { startProgress } from "./progress.js";
import { PlainRadios } from "./radios.js";
import { startShortcuts } from "./shortcuts.js";
import { startSuggesting } from "./suggest.js";
import { startUnsent } from "./unsent.js";
import { startUploads } from "./uploads.js";
import { startVisits } from "./visits.js";

document.documentElement.classList.add("js-enabled");
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [CharacterCount, Checkboxes, ErrorSummary, PlainRadios]) {
  createAll(component);
}
startVisits(); // first: it may hold back a form that the others take for sent
startChoosing();
startCopying();
startDetails();
startFacets();
startMap();
startSuggesting();
startFileNames();
startOnce();
startUploads();
startShortcuts();
startKeys();
startAutosave();
startKeeping();
startPrinting();
startProgress();
startUnsent();
