// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a scheduler brings forth until a test asks for it. */
final class SinkRecord implements EntrySink {
    record Suspended(int message, int recipient, String siteReason, long dueNs) {}

    record Expired(int message, int recipient) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Suspended> suspended = new ArrayList<>();
    private final List<Expired> expired = new ArrayList<>();

    @Override
    public void onEntry(Entry entry) {
        entries.add(entry);
    }

    @Override
    public void onSuspended(int message, int recipient, String siteReason, long dueNs) {
        suspended.add(new Suspended(message, recipient, siteReason, dueNs));
    }

    @Override
    public void onExpired(int message, int recipient) {
        expired.add(new Expired(message, recipient));
    }

    List<Entry> takeEntries() {
        List<Entry> taken = List.copyOf(entries);
        entries.clear();
        return taken;
    }

    List<Suspended> takeSuspended() {
        List<Suspended> taken = List.copyOf(suspended);
        suspended.clear();
        return taken;
    }

    List<Expired> takeExpired() {
        List<Expired> taken = List.copyOf(expired);
        expired.clear();
        return taken;
    }
}
