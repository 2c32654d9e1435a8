// The world relay of kinds.wit: each function passes its arguments on to the imported one.
import * as host from 'test:kinds/kinds@1.2.0';

export const kinds = host;

export const held = () => 0;
