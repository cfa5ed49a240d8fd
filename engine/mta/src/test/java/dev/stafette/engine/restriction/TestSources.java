// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.auth.AuthServers;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.policy.PolicyServers;
import dev.stafette.engine.verify.AddressVerifier;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.util.List;

/** Whom the checks of a test ask. */
public final class TestSources {
    /** Its threads start when they are needed. */
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private TestSources() {}

    /** An empty DNS; nobody may ask a policy server. */
    public static RestrictionSources none() {
        return of(new FakeZone());
    }

    /** Nobody may log in. */
    public static AuthServers logins() {
        return new AuthServers(LOOPS, Runnable::run, Path.of("/c"), warning -> {});
    }

    /** Verifies no address. */
    private static AddressVerifier nobody() {
        return new AddressVerifier(LOOPS.next(), Runnable::run, System::currentTimeMillis, new KeptLog().log());
    }

    static RestrictionSources of(FakeZone zone) {
        return new RestrictionSources(
                new NameQuestions(zone, HostsFile.of(List.of())),
                new PolicyServers(LOOPS, Runnable::run, Path.of("/c")),
                nobody(),
                new KeptLog().log());
    }
}
