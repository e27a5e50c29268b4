// esbuild puts a style sheet that is imported beside the bundle.
declare module '*.css';
