// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.time.Duration;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The usual habits of a client, but for those that a test names. Thread: the test's. */
final class TestHabits {
    private static final ClientHabits USUAL = ClientHabits.USUAL;

    boolean bindsOrFails = USUAL.bindsOrFails();
    boolean quotesAddresses = USUAL.quotesAddresses();
    boolean sendsDummyAuth = USUAL.sendsDummyAuth();
    boolean asksAtData = USUAL.asksAtData();
    int dataRateMin = USUAL.dataRateMin();
    ServerBook servers = USUAL.servers();
    Duration pixDelay = USUAL.pixDelay();

    @Nullable
    BinaryOperator<String> replyFilter = USUAL.replyFilter();

    @Nullable
    Predicate<String> keptDestinations = USUAL.keptDestinations();

    IntConsumer onPort = USUAL.onPort();
    RequireTls.Source requireTls = USUAL.requireTls();
    boolean softBounce = USUAL.softBounce();

    @Nullable
    ServerErrors errors = USUAL.errors();

    private TestHabits() {}

    static ClientHabits usualBut(Consumer<TestHabits> change) {
        TestHabits habits = new TestHabits();
        change.accept(habits);
        return new ClientHabits(
                habits.bindsOrFails,
                habits.quotesAddresses,
                habits.sendsDummyAuth,
                habits.asksAtData,
                habits.dataRateMin,
                habits.servers,
                habits.pixDelay,
                USUAL.pixAge(),
                habits.replyFilter,
                habits.keptDestinations,
                habits.onPort,
                habits.requireTls,
                USUAL.heedsWaivers(),
                USUAL.ports(),
                habits.softBounce,
                habits.errors);
    }
}
