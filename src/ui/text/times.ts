import * as vscode from 'vscode';
import { timeWriter, type TimeWriter } from '../../core/time/dayTime';

let writer: TimeWriter | undefined;

/** How all views write times: as the panel does, in the editor's language. */
export const times = (): TimeWriter => (writer ??= timeWriter(vscode.env.language));
