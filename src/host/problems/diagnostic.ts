import * as vscode from 'vscode';
import type { Problem, Severity } from '../../model/text/problem.ts';

const SEVERITY: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** A problem as the editor knows it: there lines and columns count from 0. */
export function diagnosticOf({ range, severity, message, code, source }: Problem): vscode.Diagnostic {
  const from = new vscode.Position(Math.max(0, range.line - 1), Math.max(0, range.column - 1));
  const to = new vscode.Position(Math.max(0, range.endLine - 1), Math.max(0, range.endColumn - 1));
  const diagnostic = new vscode.Diagnostic(new vscode.Range(from, to), message, SEVERITY[severity]);
  diagnostic.source = source ?? 'orchestrate';
  if (code !== undefined) diagnostic.code = code;
  return diagnostic;
}
