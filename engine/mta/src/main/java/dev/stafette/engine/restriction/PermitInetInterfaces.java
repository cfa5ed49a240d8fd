// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.table.Inquiry;

/** {@code permit_inet_interfaces}: the client is this machine. Thread: any (a value). */
record PermitInetInterfaces(AddressClasses classes) implements Restriction {
    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        return classes.isOwn(facts.client().address()) ? Verdict.OK : Verdict.DUNNO;
    }
}
