"""What can be read out of one feedback; one file per analyzer."""
