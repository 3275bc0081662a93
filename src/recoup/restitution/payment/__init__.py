"""Payment: from what is owed to files for the bank, and from the bank's answers back to the books.

In: instructions, checks of payees, screening, bank messages. Out: pain.001 files, bank events, attempts.
Always true: no faulty instruction reaches a file; totals are counted twice on separate ways; an attempt is closed only
by the bank's word, and a new one needs a closed one.
"""

from recoup.restitution.payment.desk import Desk, Unmatched
from recoup.restitution.payment.events import BankEvent, EventKind, read_events
from recoup.restitution.payment.gate import Fault, FaultCode, Gate, Screening
from recoup.restitution.payment.iban import iban_fault
from recoup.restitution.payment.model import Debtor, Instruction, NameCheck, NameResult, attempt_id
from recoup.restitution.payment.pain001 import write_pain001
from recoup.restitution.payment.second import check_pain001

__all__ = [
    "BankEvent",
    "Debtor",
    "Desk",
    "EventKind",
    "Fault",
    "FaultCode",
    "Gate",
    "Instruction",
    "NameCheck",
    "NameResult",
    "Screening",
    "Unmatched",
    "attempt_id",
    "check_pain001",
    "iban_fault",
    "read_events",
    "write_pain001",
]
