// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.Object2IntHashMap;

/**
 * The domains of what is queued: of each sender by message slot, of each recipient by recipient slot. The index knows next
 * hops alone, and an envelope is on disk; with these, a million messages are counted by domain without reading one.
 * Thread: queue agent.
 *
 * <p>A domain is kept as long as somebody refers to it; then its number names another.
 */
final class QueueDomains {
    /** No domain: of a slot that there was no memory for. */
    static final int NONE = 0;

    private static final int NOT_FOUND = -1;

    private final Object2IntHashMap<String> idByName = new Object2IntHashMap<>(NOT_FOUND);
    private final List<String> nameById = new ArrayList<>();
    private final List<Integer> freeIds = new ArrayList<>();
    private final SlotNumbers senders = new SlotNumbers();
    private final SlotNumbers recipients = new SlotNumbers();

    // By id: how many slots refer to it.
    private int[] uses = new int[64];

    QueueDomains() {
        nameById.add("");
    }

    void onMessage(int slot, MailAddress sender) {
        set(senders, slot, sender);
    }

    void onRecipient(int recipient, MailAddress address) {
        set(recipients, recipient, address);
    }

    private void set(SlotNumbers numbers, int slot, MailAddress address) {
        if (slot != Scheduler.NONE && numbers.ensure(slot)) {
            numbers.put(slot, acquire(address.domain().isEmpty() ? address.localPart() : address.domainKey()));
        }
    }

    private int acquire(String name) {
        int id = idByName.getValue(name);
        if (id == NOT_FOUND) {
            id = freeIds.isEmpty() ? nameById.size() : freeIds.remove(freeIds.size() - 1);
            if (id == nameById.size()) {
                nameById.add(name);
            } else {
                nameById.set(id, name);
            }
            idByName.put(name, id);
            uses = id < uses.length ? uses : Arrays.copyOf(uses, id * 2);
        }
        uses[id]++;
        return id;
    }

    private void release(int id) {
        if (id != NONE && --uses[id] == 0) {
            idByName.remove(nameById.get(id));
            nameById.set(id, "");
            freeIds.add(id);
        }
    }

    /** To be called before the message leaves the index. */
    void onRemoved(Scheduler scheduler, int slot) {
        release(senders.take(slot));
        for (int r = scheduler.view().firstRecipient(slot);
                r != Scheduler.NONE;
                r = scheduler.view().nextRecipient(r)) {
            release(recipients.take(r));
        }
    }

    /** Of the sender: empty for the null reverse-path. */
    int ofSender(int slot) {
        return senders.get(slot);
    }

    int ofRecipient(int recipient) {
        return recipients.get(recipient);
    }

    /** In lower case. */
    String name(int id) {
        return nameById.get(id);
    }

    /** {@link #NONE} when nothing refers to it. */
    int find(String name) {
        int id = idByName.getValue(name);
        return id == NOT_FOUND ? NONE : id;
    }

    /** Names in use. */
    int size() {
        return idByName.size();
    }
}
