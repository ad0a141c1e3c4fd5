"""AI feedback: a model of Amazon Bedrock scores an answer by the criteria of a policy file (docs/feedback.md).

    Evidence ── shown ──► request ── fenced as data ──► bedrock (Converse) ──► reply ──► 0 to 1
                             meter: cache, budget of a batch, interrupt

The answer is hostile: it was written by a model that is paid by this figure. So

- only what `shown` leaves of it is sent, and by default that holds no prose (`plain_code`);
- it stands in one block of data, as JSON texts between two lines with a random word in them (`request`): whatever it
  holds, it cannot end the block or stand outside it;
- the figure is read from the arguments of one forced tool call, decoded strictly, and from nothing else (`reply`);
- what an answer can bring about is worth 0; what it cannot is a `ComponentFault`, not judged (`asking`).

A model that is talked round all the same moves what is at stake of an accepted submission, and nothing else
(`verifier.policy`).

Nothing here is imported before a policy names the component, and boto3 not before the first answer.
"""
