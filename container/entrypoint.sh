#!/bin/sh
# What a container of the image runs, by its first argument:
#
#   module.function    a Lambda handler: in Amazon's runtime client on AWS Lambda, elsewhere under the Runtime Interface
#                      Emulator, which gets the other arguments as options
#   python             that interpreter, with the other arguments
#   anything else      the command line `verifier`
set -eu

bin=/opt/verifier/bin
emulator=${VERIFIER_RIE:-$bin/aws-lambda-rie}

case ${1:-} in
    python)
        shift
        exec "$bin/python" "$@"
        ;;
    *[/-]*) exec "$bin/verifier" "$@" ;;
    *?.?*) ;;
    *) exec "$bin/verifier" "$@" ;;
esac

handler=$1
shift

# A program that ended the runner may have left a process that would end the next one too, and this is the last moment at
# which nothing of ours can be hit: every process of this user is ended, but the first one, which is Lambda's or the
# emulator's (kill(2)). A builtin of the shell, since an interpreter takes long to start. Then the runner removes what
# else was left (sandbox/runner/sweeping.py). VERIFIER_SWEEP=off leaves both out.
start='exec "$0" -m awslambdaric "$1"'
if [ "$handler" = sandbox.runner.lambda_handler ]; then
    export VERIFIER_SWEEP="${VERIFIER_SWEEP:-on}"
    [ "$VERIFIER_SWEEP" = off ] || start="kill -9 -1 2>/dev/null; $start"
fi
if [ -n "${AWS_LAMBDA_RUNTIME_API:-}" ]; then
    exec /bin/sh -c "$start" "$bin/python" "$handler"
fi
if [ ! -f "$emulator" ] || [ ! -x "$emulator" ]; then
    echo "error: $handler needs AWS Lambda or its emulator, and $emulator is not a program; build the image again, or unset VERIFIER_RIE" >&2
    exit 2
fi
exec "$emulator" --log-level error --runtime-interface-emulator-address 0.0.0.0:8080 "$@" \
    /bin/sh -c "$start" "$bin/python" "$handler"
