// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What access tables, and checks of its content, want done with a message, whoever sends it to whom.
 * Thread: any (a value).
 *
 * @param isHeld it waits in the queue for an operator
 * @param isDiscarded it is taken, and comes to nothing
 * @param redirect who gets it instead of its recipients; null: they do
 * @param copies who gets it, too, as any recipient
 * @param contentCopies who gets it, too, because of what is in it: by that nobody else gets a copy
 * @param fields header fields that go on top, without their line ends
 * @param filter transport and next hop by which it goes, whatever its routes; null: those
 */
public record MessageOrders(
        boolean isHeld,
        boolean isDiscarded,
        @Nullable String redirect,
        List<String> copies,
        List<String> contentCopies,
        List<String> fields,
        @Nullable String filter) {
    public static final MessageOrders NONE =
            new MessageOrders(false, false, null, List.of(), List.of(), List.of(), null);

    public MessageOrders {
        copies = List.copyOf(copies);
        contentCopies = List.copyOf(contentCopies);
        fields = List.copyOf(fields);
    }

    public MessageOrders held() {
        return new MessageOrders(true, isDiscarded, redirect, copies, contentCopies, fields, filter);
    }

    public MessageOrders discarded() {
        return new MessageOrders(isHeld, true, redirect, copies, contentCopies, fields, filter);
    }

    /** The last one counts. */
    public MessageOrders redirectedTo(String address) {
        return new MessageOrders(isHeld, isDiscarded, address, copies, contentCopies, fields, filter);
    }

    public MessageOrders copiedTo(String address) {
        return new MessageOrders(isHeld, isDiscarded, redirect, with(copies, address), contentCopies, fields, filter);
    }

    MessageOrders contentCopiedTo(String address) {
        return new MessageOrders(isHeld, isDiscarded, redirect, copies, with(contentCopies, address), fields, filter);
    }

    public MessageOrders withField(String line) {
        return new MessageOrders(isHeld, isDiscarded, redirect, copies, contentCopies, with(fields, line), filter);
    }

    /** The last one counts. */
    public MessageOrders filteredBy(String transportAndNextHop) {
        return new MessageOrders(isHeld, isDiscarded, redirect, copies, contentCopies, fields, transportAndNextHop);
    }

    /** These, and then those; where only one can be, it is that of the latter. */
    MessageOrders and(MessageOrders later) {
        if (later == NONE) {
            return this;
        }
        List<String> all = new ArrayList<>(copies);
        all.addAll(later.copies);
        List<String> allOfContent = new ArrayList<>(contentCopies);
        allOfContent.addAll(later.contentCopies);
        return new MessageOrders(
                isHeld || later.isHeld,
                isDiscarded || later.isDiscarded,
                later.redirect == null ? redirect : later.redirect,
                all,
                allOfContent,
                fields,
                later.filter == null ? filter : later.filter);
    }

    private static List<String> with(List<String> all, String one) {
        List<String> more = new ArrayList<>(all);
        more.add(one);
        return more;
    }
}
