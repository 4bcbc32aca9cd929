// Radios that open further fields. A radio button may not say that it is expanded (ARIA allows that on no radio), so
// the library's attribute is taken off again; the fields stand right after the radio that opens them.

import { Radios } from "govuk-frontend";

export class PlainRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}
