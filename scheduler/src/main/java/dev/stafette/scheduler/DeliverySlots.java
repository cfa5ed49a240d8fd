// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * When a small job overtakes a large one, by the rules of Postfix's queue manager: each entry of the large one earns a slot,
 * and each entry of the small one costs some.
 * Thread: any (a value).
 *
 * @param cost slots that an entry costs ({@code default_delivery_slot_cost}); 0 or 1: nobody overtakes. A job of many
 *     entries takes {@code cost / (cost - 1)} times as long at most
 * @param loan entries that may go before their slots are earned; they are paid all the same ({@code
 *     default_delivery_slot_loan})
 * @param discountPercent part of the entries whose slots need not be earned before ({@code default_delivery_slot_discount})
 * @param minimum entries that a job must be able to pay for, to be overtaken at all ({@code
 *     default_minimum_delivery_slots})
 */
public record DeliverySlots(int cost, int loan, int discountPercent, int minimum) {
    /** Postfix's. */
    public static final DeliverySlots DEFAULTS = new DeliverySlots(5, 3, 50, 3);

    /** First come, first served. */
    public static final DeliverySlots NONE = new DeliverySlots(0, 0, 0, 0);

    public DeliverySlots {
        Ranges.check("delivery_slot_cost", cost, 0, Integer.MAX_VALUE);
        Ranges.check("delivery_slot_loan", loan, 0, Integer.MAX_VALUE);
        Ranges.check("delivery_slot_discount", discountPercent, 0, 100);
        Ranges.check("minimum_delivery_slots", minimum, 0, Integer.MAX_VALUE);
    }

    boolean isOn() {
        return cost > 1;
    }

    /** A job of so many entries in all is large: it can be overtaken. */
    long largeEntriesMin() {
        return (long) minimum * cost;
    }

    /** So many slots are enough to go ahead with so many entries. */
    boolean suffice(int available, int need) {
        return (long) available / cost + loan >= need * (100 - discountPercent) / 100.0;
    }
}
