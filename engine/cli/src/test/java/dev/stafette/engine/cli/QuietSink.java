// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.load.SmtpSink;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a sink says. Thread: any. */
final class QuietSink implements SmtpSink.SinkTalk {
    final List<String> said = new ArrayList<>();

    @Override
    public synchronized void warn(String text) {
        said.add("warning: " + text);
    }

    @Override
    public synchronized void onCounts(int sessions, int quits, int messages) {
        said.add("sess=" + sessions + " quit=" + quits + " mesg=" + messages);
    }

    @Override
    public synchronized void onTrace(String line) {
        said.add(line);
    }

    @Override
    public synchronized void onLogged(String line) {
        said.add("log: " + line);
    }

    synchronized List<String> copy() {
        return List.copyOf(said);
    }
}
