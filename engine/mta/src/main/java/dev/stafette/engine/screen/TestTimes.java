// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

/**
 * Until when a client has passed each test, in seconds since 1970.
 * Thread: any (a value).
 */
record TestTimes(long pregreet, long dnsbl, long pipelining, long nonSmtpCommand, long bareNewline) {
    /** It was not tested yet, so far as its connections of this moment know. */
    private static final long NOT_SEEN = -1;

    /** It never passed. */
    private static final long NEVER = 0;

    /** It never passed, and need not have at that time. */
    static final long NOT_WANTED = 1;

    static final TestTimes UNSEEN = all(NOT_SEEN);
    static final TestTimes NEW = all(NEVER);

    private static TestTimes all(long time) {
        return new TestTimes(time, time, time, time, time);
    }

    /** As Postfix writes it; what is missing or wrong was not wanted. */
    static TestTimes parse(String text) {
        String[] words = text.split(";", -1);
        TestTimes times = all(NOT_WANTED);
        ScreenTest[] tests = ScreenTest.values();
        for (int i = 0; i < tests.length && i < words.length && words[i].matches("[0-9]{1,18}"); i++) {
            times = times.with(tests[i], Long.parseLong(words[i]));
        }
        return times;
    }

    String text() {
        return pregreet + ";" + dnsbl + ";" + pipelining + ";" + nonSmtpCommand + ";" + bareNewline;
    }

    long of(ScreenTest test) {
        return switch (test) {
            case PREGREET -> pregreet;
            case DNSBL -> dnsbl;
            case PIPELINING -> pipelining;
            case NON_SMTP_COMMAND -> nonSmtpCommand;
            case BARE_NEWLINE -> bareNewline;
        };
    }

    TestTimes with(ScreenTest test, long time) {
        return new TestTimes(
                test == ScreenTest.PREGREET ? time : pregreet,
                test == ScreenTest.DNSBL ? time : dnsbl,
                test == ScreenTest.PIPELINING ? time : pipelining,
                test == ScreenTest.NON_SMTP_COMMAND ? time : nonSmtpCommand,
                test == ScreenTest.BARE_NEWLINE ? time : bareNewline);
    }

    /** Each test but that one is passed until then at least. */
    TestTimes atLeast(long time, ScreenTest except) {
        TestTimes times = this;
        for (ScreenTest test : ScreenTest.values()) {
            if (test != except && of(test) < time) {
                times = times.with(test, time);
            }
        }
        return times;
    }

    /** For the cache: a test that nobody wants now does not make a client new when it is wanted. */
    TestTimes settled(int wanted) {
        TestTimes times = this;
        for (ScreenTest test : ScreenTest.values()) {
            if ((wanted & test.bit()) == 0 && of(test) == NEVER) {
                times = times.with(test, NOT_WANTED);
            }
        }
        return times;
    }

    boolean isNew() {
        for (ScreenTest test : ScreenTest.values()) {
            if (of(test) == NEVER) {
                return true;
            }
        }
        return false;
    }

    /** Those of the wanted tests that have not been passed at this time. */
    int due(int wanted, long epochSeconds) {
        int due = 0;
        for (ScreenTest test : ScreenTest.values()) {
            if (epochSeconds > of(test)) {
                due |= test.bit();
            }
        }
        return due & wanted;
    }
}
