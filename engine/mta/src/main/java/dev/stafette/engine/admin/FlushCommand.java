// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.storage.format.QueueId;
import java.util.Locale;

/**
 * Makes deferred mail due.
 * Thread: admin.
 */
final class FlushCommand implements AdminCommand<AdminRequest.Flush> {
    private final AdministeredQueue queue;

    FlushCommand(AdministeredQueue queue) {
        this.queue = queue;
    }

    @Override
    public void run(AdminRequest.Flush request, AdminAnswer answer) {
        String site = request.site();
        if (site != null) {
            flushSite(site.toLowerCase(Locale.ROOT), AdministeredQueue.FIRST, answer);
            return;
        }
        String id = request.id();
        if (id == null) {
            flushAll(answer);
            return;
        }
        long queueId = QueueId.parse(id);
        if (queueId == QueueId.NONE) {
            answer.fail("no such message: " + id);
            return;
        }
        flushOne(id, queueId, answer);
    }

    private void flushSite(String domain, long cursor, AdminAnswer answer) {
        boolean asked = queue.flushDomain(
                domain,
                cursor,
                next -> answer.execute(() -> {
                    if (next == QueuePage.END) {
                        answer.done();
                    } else {
                        flushSite(domain, next, answer);
                    }
                }));
        if (!asked) {
            answer.executeSoon(() -> flushSite(domain, cursor, answer));
        }
    }

    private void flushAll(AdminAnswer answer) {
        if (queue.flush()) {
            answer.done();
        } else {
            answer.executeSoon(() -> flushAll(answer));
        }
    }

    private void flushOne(String id, long queueId, AdminAnswer answer) {
        boolean asked = queue.flush(
                queueId,
                found -> answer.execute(() -> {
                    if (found) {
                        answer.done();
                    } else {
                        answer.fail("no such message: " + id);
                    }
                }));
        if (!asked) {
            answer.executeSoon(() -> flushOne(id, queueId, answer));
        }
    }
}
