// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Puts a line of whoever asked for changes into the mail log.
 * Thread: admin.
 */
final class NoteCommand implements AdminCommand<AdminRequest.Note> {
    private final AdministeredChanges changes;

    NoteCommand(AdministeredChanges changes) {
        this.changes = changes;
    }

    @Override
    public void run(AdminRequest.Note request, AdminAnswer answer) {
        changes.note(request.text());
        answer.done();
    }
}
