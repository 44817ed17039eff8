// What JSX becomes: put into each file by the build.
export {createElement as h, Fragment as F} from 'react';
