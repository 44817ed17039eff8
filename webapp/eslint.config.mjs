// What must hold in the web client's part, besides what is usual. tests/rules.test.ts shows that each rule catches.
import a11y from 'eslint-plugin-jsx-a11y';
import react from 'eslint-plugin-react';
import hooks from 'eslint-plugin-react-hooks';
import typescript from 'typescript-eslint';

/** The functions that make addresses for links; all of src/host/url.ts. */
const LINKS = '/^(joinUrl|postUrl|pluginUrl)$/';

const restricted = [
  {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: 'Texts are React text nodes, never HTML.',
  },
  {
    selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/], Property[key.name='dangerouslySetInnerHTML']",
    message: 'Texts are text nodes, never HTML.',
  },
  {
    selector: `JSXAttribute[name.name=/^(href|xlinkHref|action|formAction)$/] > JSXExpressionContainer > :not(CallExpression[callee.name=${LINKS}])`,
    message: 'A link leads where src/host/url.ts says: posts can say anything.',
  },
  {
    selector: "JSXAttribute[name.name=/^(href|xlinkHref|action|formAction)$/] > Literal",
    message: 'A link leads where src/host/url.ts says.',
  },
  {
    selector: "Property[key.name='href'], Property[key.value='href'], CallExpression[callee.property.name='setAttribute']",
    message: 'Links are JSX with an address from src/host/url.ts.',
  },
  {
    selector: "JSXOpeningElement[name.name=/^[a-z]/]:not([name.name='button']) > JSXSpreadAttribute",
    message: 'Attributes are written out: an address may hide among others.',
  },
];

const windows = {
  selector:
    "AssignmentExpression[left.property.name=/^(href|location)$/], CallExpression[callee.object.property.name='location'], CallExpression[callee.object.name='location'], CallExpression[callee.property.name='open'], CallExpression[callee.name='open'], MemberExpression[property.name='open'][object.name=/^(window|self|globalThis)$/]",
  message: 'Only src/tab.ts opens windows and leads them anywhere.',
};

const tabs = {
  selector:
    "ImportDeclaration[source.value=/tab$/] > ImportSpecifier[imported.name='openTab'], ImportDeclaration[source.value=/start$/] > ImportSpecifier[imported.name='request']",
  message: 'Tabs are opened within a press: by src/start/start.ts and src/card/question.tsx.',
};

export default typescript.config(
  {ignores: ['dist/', 'node_modules/']},
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...typescript.configs.strictTypeChecked, ...typescript.configs.stylisticTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
      // noPropertyAccessFromIndexSignature asks for the brackets.
      '@typescript-eslint/dot-notation': ['error', {allowIndexSignaturePropertyAccess: true}],
      // Empty texts of the store stand for nothing, too.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', {ignorePrimitives: {string: true}}],
      '@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    plugins: {react, 'react-hooks': hooks, 'jsx-a11y': a11y},
    settings: {react: {version: '17.0'}},
    rules: {
      ...react.configs.flat.recommended.rules,
      ...a11y.flatConfigs.strict.rules,
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'react/prop-types': 'off',
      'react/no-danger': 'error',
      'react/jsx-no-target-blank': 'error',
      'react/jsx-no-script-url': 'error',
      'react/button-has-type': 'error',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 70],
      'no-restricted-syntax': ['error', ...restricted, windows, tabs],
    },
  },
  {
    files: ['tests/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', {allowForKnownSafeCalls: [{from: 'package', package: 'node:test', name: 'test'}]}],
      '@typescript-eslint/no-unused-vars': ['error', {varsIgnorePattern: '^_'}],
      // Addresses that must not be followed, and odd things to show.
      'no-script-url': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },
  {files: ['src/tab.ts'], rules: {'no-restricted-syntax': ['error', ...restricted, tabs]}},
  {files: ['src/start/start.ts', 'src/card/question.tsx'], rules: {'no-restricted-syntax': ['error', ...restricted, windows]}},
);
