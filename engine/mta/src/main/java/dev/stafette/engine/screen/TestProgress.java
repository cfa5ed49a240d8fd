// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

/**
 * How far a client has come with its tests; sets of {@link ScreenTest#bit}.
 * Thread: event loop.
 */
final class TestProgress {
    // Owned by the loop.
    private int due;
    private int passed;
    private int failed;
    private int decided;

    void begin(int dueTests) {
        due = dueTests;
    }

    int due() {
        return due;
    }

    boolean isDue(ScreenTest test) {
        return (due & test.bit()) != 0;
    }

    /** Nothing of it is to be found out any more. */
    boolean isDecided(ScreenTest test) {
        return (decided & test.bit()) != 0;
    }

    boolean hasFailed(ScreenTest test) {
        return (failed & test.bit()) != 0;
    }

    boolean hasPassed(ScreenTest test) {
        return (passed & test.bit()) != 0;
    }

    boolean hasFailed() {
        return failed != 0;
    }

    boolean hasPassed() {
        return passed != 0;
    }

    /** It has passed some, and all that were due. */
    boolean hasPassedAll() {
        return passed != 0 && passed == due;
    }

    /** All early tests that are due are decided. */
    boolean isEarlyOver() {
        return (decided & ScreenTest.EARLY) == (due & ScreenTest.EARLY);
    }

    /** No test after the greeting is left. */
    boolean isDeepOver() {
        return (passed & ScreenTest.DEEP) == (due & ScreenTest.DEEP);
    }

    void pass(ScreenTest test) {
        passed |= test.bit();
    }

    void fail(ScreenTest test) {
        failed |= test.bit();
        passed &= ~test.bit();
    }

    /** It is as if the client had not failed. */
    void forgive(ScreenTest test) {
        failed &= ~test.bit();
    }

    void decide(ScreenTest test) {
        decided |= test.bit();
    }

    /** What it has passed is worth nothing. */
    void dropPasses() {
        passed = 0;
    }

    /** After the greeting: a client that has failed before is tested for all. */
    void wantAllDeep() {
        due |= ScreenTest.DEEP;
    }

    /** After the greeting: nothing is tested. */
    void wantNoneDeep() {
        due &= ~ScreenTest.DEEP;
    }
}
