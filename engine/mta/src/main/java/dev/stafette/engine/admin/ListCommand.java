// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Lists the queue, a message a row: first what waits in {@code maildrop/}, as in Postfix.
 * Thread: admin.
 *
 * <p>It asks for page after page, and for the next one only when the reader has taken most of the one before: a million
 * messages cost the memory of one page, and the queue is never stopped for longer than one page takes.
 */
final class ListCommand implements AdminCommand<AdminRequest.ListMessages> {
    private static final int PAGE_MESSAGES = 100;

    /**
     * Between two pages while the queue has other work: 2,500 messages a second. At 4,000 a relay that has no core to spare
     * delivered 5 % less beside an endless listing.
     */
    private static final long PAUSE_MS = 40;

    private static final long NONE_YET = -1;

    private final AdministeredQueue queue;
    private final MaildropQueue maildrop;

    ListCommand(AdministeredQueue queue, MaildropQueue maildrop) {
        this.queue = queue;
        this.maildrop = maildrop;
    }

    @Override
    public void run(AdminRequest.ListMessages request, AdminAnswer answer) {
        MaildropWalk.Step list = (ids, next) -> maildrop.messages(
                ids,
                messages -> answer.execute(() -> {
                    messages.forEach(answer::row);
                    answer.whenDrained(next);
                }));
        new MaildropWalk(maildrop, answer, list, () -> ask(AdministeredQueue.FIRST, NONE_YET, answer)).start();
    }

    private void ask(long cursor, long workBefore, AdminAnswer answer) {
        boolean asked =
                queue.list(cursor, PAGE_MESSAGES, page -> answer.execute(() -> write(page, workBefore, answer)));
        if (!asked) {
            answer.executeSoon(() -> ask(cursor, workBefore, answer));
        }
    }

    private void write(QueuePage page, long workBefore, AdminAnswer answer) {
        page.messages().forEach(answer::row);
        if (page.nextCursor() == QueuePage.END) {
            answer.done();
        } else {
            boolean isBusy = workBefore != NONE_YET && page.workCount() != workBefore;
            Runnable next = () -> ask(page.nextCursor(), page.workCount(), answer);
            answer.whenDrained(isBusy ? () -> answer.executeLater(PAUSE_MS, next) : next);
        }
    }
}
